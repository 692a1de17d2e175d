import { type Html, html } from '@vitrine/platform/html';
import type { Reference } from '../reference.ts';
import { coordinateLink, pathOf } from './links.ts';

/**
 * A description as it stands in the schema: paragraphs, lists of `- ` lines, and `code`, which links
 * to what it names. Everything else is text.
 */
export function prose(
  reference: Reference,
  text: string | null | undefined,
  owner?: string,
): Html[] {
  const blocks = (text ?? '')
    .trim()
    .split(/\n\s*\n/)
    .filter(Boolean);
  return blocks.map((block) => {
    const lines = block.split('\n').map((line) => line.trim());
    return lines.every((line) => line.startsWith('- '))
      ? html`<ul>${lines.map((line) => html`<li>${inline(reference, line.slice(2), owner)}</li>`)}</ul>`
      : html`<p>${inline(reference, lines.join(' '), owner)}</p>`;
  });
}

/** The text of one line, with its code. `owner` is the type whose members may be named alone. */
export const inline = (
  reference: Reference,
  text: string | null | undefined,
  owner?: string,
): Html[] =>
  (text ?? '').split(/(`[^`]+`)/).map((part) => {
    if (!part.startsWith('`') || part.length < 3) return html`${part}`;
    const code = part.slice(1, -1);
    const known = [
      code,
      `${owner}.${code}`,
      `Query.${code}`,
      `Mutation.${code}`,
      `Subscription.${code}`,
    ].find((coordinate) => pathOf(reference, coordinate) !== null);
    return known === undefined
      ? html`<code>${code}</code>`
      : coordinateLink(reference, known, code);
  });

/** The first sentence of a description, as plain text. */
export const summary = (text: string | null | undefined): string => {
  const flat = (text ?? '').replaceAll(/\s+/g, ' ').trim();
  return /^.*?[.!?](?= [A-Z`]|$)/.exec(flat)?.[0] ?? flat;
};
