import { DEMO_PASSWORD } from '@vitrine/demo/world/people';
import type { Step } from './launch.ts';

const out = (line = ''): void => void process.stdout.write(`${line}\n`);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export const printStep = ({ name, detail, ms }: Step): void =>
  out(`  ${name.padEnd(12)} ${detail.padEnd(60)} ${seconds(ms).padStart(7)}`);

export const printTrouble = (line: string): void => void process.stderr.write(`  ! ${line}\n`);

/** The last lines of a start: where it is, and what to do with it. */
export function printReady(
  url: string,
  { ms, hasDemo }: { readonly ms: number; readonly hasDemo: boolean },
): void {
  const page = new URL('/', url).href;
  out();
  out(`ready ${url}  (${seconds(ms)})`);
  out();
  out(`  ${page}  GraphiQL with example operations`);
  if (hasDemo) {
    out('  npm run tour            the main job, step by step');
    out(`  sign in as              buyer1@demo.vitrine.example … buyer200, creator1 … creator10,`);
    out(
      `                          owner1 … owner20, operator1 (all with the password ${DEMO_PASSWORD})`,
    );
  }
  out('  Ctrl-C                  ends everything; the data stay');
  out();
}
