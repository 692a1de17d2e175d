/** One measured value. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  /** Such as `CPU ms/request`, `orders/s`, `ms`. */
  readonly unit: string;
}

/** What is to be reached within one run. */
export interface Target {
  readonly text: string;
  /** Null where what it compares with did not take part. */
  readonly isReached: boolean | null;
}

export interface BenchResult {
  readonly name: string;
  readonly figures: readonly Figure[];
  readonly targets?: readonly Target[];
  /** Who was to take part and could not. */
  readonly absent?: readonly string[];
}

const rounded = (value: number): string =>
  value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value >= 1
        ? value.toFixed(2)
        : value.toFixed(3);

const verdictOf = ({ isReached }: Target): string =>
  isReached === null ? 'not known' : isReached ? 'reached' : 'MISSED';

/** A table for people: label, value, unit, aligned; then targets and who is absent. */
export function tableOf({ name, figures, targets = [], absent = [] }: BenchResult): string {
  const width = Math.max(
    ...figures.map(({ label }) => label.length),
    ...targets.map(({ text }) => text.length),
  );
  return [
    name,
    ...figures.map(
      ({ label, value, unit }) =>
        `  ${label.padEnd(width)}  ${rounded(value).padStart(9)}  ${unit}`,
    ),
    ...targets.map(
      (target) => `  ${target.text.padEnd(width)}  ${verdictOf(target).padStart(9)}  target`,
    ),
    ...absent.map((who) => `  ${who.padEnd(width)}  ${'absent'.padStart(9)}`),
  ].join('\n');
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
