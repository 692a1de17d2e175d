import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, type OperationDefinitionNode, parse } from 'graphql';

/** Whose token an example is sent with. */
export const exampleRoles = ['guest', 'buyer', 'host', 'owner', 'creator', 'operator'] as const;
export type ExampleRole = (typeof exampleRoles)[number];

/** An operation that the documentation shows and tests execute. */
export interface Example {
  /** Of its file, without number and ending: `place-order`. */
  readonly slug: string;
  /** The operation's name. */
  readonly name: string;
  /** The comment above it. */
  readonly text: string;
  readonly role: ExampleRole;
  /** GraphQL, with its comment. */
  readonly query: string;
  /** JSON, where it has variables. Values such as `liv_…` stand for ids of one's own. */
  readonly variables?: string;
  /** One of the tabs that GraphiQL opens with. */
  readonly isTab: boolean;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

const folder = join(import.meta.dirname, 'examples');

/** All examples in the order of their files. Throws on one that is not as examples are. */
export const loadExamples = (): readonly Example[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .toSorted()
    .map((file) => readExample(file, readFileSync(join(folder, file), 'utf8')));

/**
 * The head of a file is a comment: what it shows, then `# As: buyer` (a guest without), and
 * `# Variables: { … }` on one line. A file name that begins with a number is a tab of GraphiQL.
 */
export function readExample(file: string, source: string): Example {
  const query = source.trim();
  const head = /^(?:#.*\n)+/.exec(query)?.[0] ?? '';
  const lines = head.split('\n').map((line) => line.replace(/^# ?/, ''));
  const role = exampleRoles.find((one) => lines.includes(`As: ${one}`)) ?? 'guest';
  const variables = /^# Variables: (\{.*\})$/m.exec(head)?.[1];
  const document = parse(query);
  const [operation] = document.definitions.flatMap((definition) =>
    definition.kind === 'OperationDefinition' ? [definition] : [],
  );
  if (!operation?.name) throw new Error(`${file} holds no operation with a name`);
  return {
    slug: file.replace(/^\d+-/, '').replace(/\.graphql$/, ''),
    name: operation.name.value,
    text: lines
      .filter((line) => !/^(As|Variables): /.test(line))
      .join(' ')
      .trim(),
    role,
    query,
    ...(variables === undefined ? {} : { variables }),
    isTab: /^\d/.test(file),
    document,
    operation,
  };
}
