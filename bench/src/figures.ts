/** One measured value. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  /** Such as `CPU ms/request`, `orders/s`, `ms`. */
  readonly unit: string;
}

export interface BenchResult {
  readonly name: string;
  readonly figures: readonly Figure[];
}

const rounded = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** A table for people: label, value, unit, aligned. */
export function tableOf({ name, figures }: BenchResult): string {
  const width = Math.max(...figures.map(({ label }) => label.length));
  const lines = figures.map(
    ({ label, value, unit }) => `  ${label.padEnd(width)}  ${rounded(value).padStart(9)}  ${unit}`,
  );
  return [name, ...lines].join('\n');
}

export const minimum = (values: readonly number[]): number => Math.min(...values);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = [
    sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)],
    sorted[middle],
  ];
  return (low + high) / 2;
}
