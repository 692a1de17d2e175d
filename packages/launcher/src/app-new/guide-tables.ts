import type { Topic } from '@vitrine/events/topics/topic';

/** What of the code the guide repeats, so that whoever reads it need not have the code. */
export interface GuideFacts {
  readonly scopes: Readonly<Record<string, string>>;
  readonly topics: readonly Pick<Topic, 'name' | 'scope' | 'description'>[];
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const code = (text: string): string => `\`${text}\``;

/** The guide with its tables as the code has it now. Throws where a table has lost its place. */
export function withTables(markdown: string, { scopes, topics }: GuideFacts): string {
  const tables = {
    scopes: table(
      ['scope', 'what the person is told'],
      Object.entries(scopes).map(([name, told]) => [code(name), told]),
    ),
    topics: table(
      ['topic', 'scope', 'when'],
      topics.map(({ name, scope, description }) => [code(name), code(scope), description]),
    ),
  };
  return Object.entries(tables).reduce((text, [name, rows]) => {
    const place = new RegExp(`(<!-- ${name}: [^>]*-->\n)[^]*?(<!-- /${name} -->)`);
    if (!place.test(text)) throw new Error(`the guide has no place for its ${name}`);
    return text.replace(place, (_all, start, end) => `${start}\n${rows}\n\n${end}`);
  }, markdown);
}
