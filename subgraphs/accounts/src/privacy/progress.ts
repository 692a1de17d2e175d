/** Subgraphs that answer accounts; its own part accounts does last, when all of them have. */
export const asked = [
  'shops',
  'catalog',
  'logistics',
  'orders',
  'social',
  'affiliate',
  'discovery',
] as const;

/** A subgraph's answer, and when it came. */
export interface Part {
  readonly subgraph: string;
  readonly at: Date;
}

export const missingOf = (parts: readonly Part[]): string[] =>
  asked.filter((name) => !parts.some(({ subgraph }) => subgraph === name));

/** What is shown of each, accounts last. */
export const progressOf = (parts: readonly Part[], own: Date | null) => [
  ...asked.map((subgraph) => {
    const at = parts.find((part) => part.subgraph === subgraph)?.at ?? null;
    return { subgraph, state: at ? ('DONE' as const) : ('PENDING' as const), at };
  }),
  { subgraph: 'accounts', state: own ? ('DONE' as const) : ('PENDING' as const), at: own },
];
