import { parseArgs } from 'node:util';
import { DAY, plus } from '@vitrine/kernel/clock';

export interface UsageArgs {
  /** The first moment that counts. */
  readonly since: Date;
  /** One schema coordinate instead of all. */
  readonly field?: string | undefined;
  readonly asJson: boolean;
  /** Where to write the usage file. */
  readonly exportTo?: string | undefined;
}

export const USAGE = 'usage: [--since 30d] [--field Product.title] [--json] [--export usage.json]';

/** Reads the command line of `npm run schema:usage`. Throws with what is wrong and how it is used. */
export function readUsageArgs(argv: readonly string[], now: Date): UsageArgs {
  const values = valuesOf(argv);
  const days = /^([1-9]\d{0,3})d$/.exec(values.since)?.[1];
  const since = days === undefined ? new Date(values.since) : plus(now, -Number(days) * DAY);
  if (Number.isNaN(since.getTime()) || since > now) {
    throw new Error(`--since is days such as 30d, or a past day such as 2026-11-01\n${USAGE}`);
  }
  if (values.field !== undefined && values.export !== undefined) {
    throw new Error(`a usage file is of all fields: leave out --field\n${USAGE}`);
  }
  return { since, field: values.field, asJson: values.json, exportTo: values.export };
}

function valuesOf(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      options: {
        since: { type: 'string', default: '30d' },
        field: { type: 'string' },
        json: { type: 'boolean', default: false },
        export: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}
