/** Markup that is safe to send. Only `html` makes it, and it escapes what it is given. */
export interface Html {
  readonly markup: string;
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '');

function markupOf(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(markupOf).join('');
}

/** A template whose values are escaped unless they are markup already; lists are joined, nothing is left out silently but null, undefined and false. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: parts.reduce((text, part, i) => text + markupOf(values[i - 1]) + part),
});

/** Puts something between the members of a list. */
export const joined = (items: readonly Html[], between: string): Html[] =>
  items.flatMap((item, i) => (i === 0 ? [item] : [html`${between}`, item]));
