import type { Connection } from '@vitrine/platform/mongo';
import type { PipelineStage } from 'mongoose';
import { usageModel } from '../usage.model.ts';
import { dayOf } from '../usage-keys.ts';
import type { Use } from './usage-file.ts';

export interface UseOf extends Use {
  readonly coordinate: string;
}

interface Summed {
  readonly _id: { readonly coordinate: string; readonly client: string; readonly version: string };
  readonly count: number;
  readonly lastSeen: Date;
}

/** Who used what since the beginning of a day, most of it first. What is still in Redis is not in it. */
export async function readUsage(
  db: Connection,
  { since, coordinate }: { readonly since: Date; readonly coordinate?: string | undefined },
): Promise<UseOf[]> {
  const steps: PipelineStage[] = [
    {
      $match: {
        ...(coordinate === undefined ? {} : { coordinate }),
        day: { $gte: new Date(`${dayOf(since)}T00:00:00Z`) },
      },
    },
    {
      $group: {
        _id: { coordinate: '$coordinate', client: '$client', version: '$version' },
        count: { $sum: '$count' },
        lastSeen: { $max: '$day' },
      },
    },
  ];
  const rows = await usageModel(db).usage.aggregate<Summed>(steps);
  return rows
    .map(({ _id, count, lastSeen }) => ({
      coordinate: _id.coordinate,
      client: _id.client,
      version: _id.version,
      count,
      lastSeen: dayOf(lastSeen),
    }))
    .toSorted((one, other) => other.count - one.count || (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ coordinate, client, version }: UseOf): string =>
  `${coordinate}\t${client}\t${version}`;
