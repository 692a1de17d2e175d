import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { UsedOperation } from './plans.ts';

const storedShape = z.array(
  z.object({ text: z.string(), operationName: z.string().nullable(), uses: z.number() }),
);

/** `name` tells audiences apart: what one may ask, another may not. */
const fileOf = (directory: string, name: string): string => join(directory, `${name}.json`);

/** Keeps operations for the next run. The file is whole at any moment. */
export async function storeOperations(
  directory: string,
  name: string,
  operations: readonly UsedOperation[],
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = fileOf(directory, name);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(operations));
  await rename(draft, file);
}

/** The operations of the last run; none where there was none, or where the file cannot be read. */
export async function loadOperations(
  directory: string,
  name: string,
): Promise<readonly UsedOperation[]> {
  try {
    const stored = storedShape.safeParse(
      JSON.parse(await readFile(fileOf(directory, name), 'utf8')),
    );
    return stored.success ? stored.data : [];
  } catch {
    // Plans are then made as clients ask for them.
    return [];
  }
}
