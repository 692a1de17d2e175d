/** No more than these become labels; a subgraph that made codes up would fill the memory else. */
const MOST_CODES = 100;
const CODE = /^[A-Z][A-Z0-9_]{1,48}$/;

const known = new Set<string>();

/**
 * An error's code as the label of a metric: the code itself where it looks like one and is among the
 * first hundred of this process, else `OTHER`; `NONE` without one. Codes come from the gateway and
 * its subgraphs, never from clients.
 */
export function codeLabel(code: unknown): string {
  if (code === undefined) return 'NONE';
  if (typeof code !== 'string') return 'OTHER';
  if (known.has(code)) return code;
  if (known.size >= MOST_CODES || !CODE.test(code)) return 'OTHER';
  known.add(code);
  return code;
}
