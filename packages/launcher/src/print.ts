import { DEMO_ONE_TIME_PASSWORD_SECRET, DEMO_PASSWORD } from '@vitrine/demo/world/people';
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
  const page = (path: string): string => new URL(path, url).href.padEnd(31);
  out();
  out(`ready ${url}  (${seconds(ms)})`);
  out();
  out(`  ${page('/')} GraphiQL with example operations`);
  out(`  ${page('/docs')} the reference of the graph`);
  if (hasDemo) {
    out(`  ${'npm run tour'.padEnd(31)} the main job, step by step`);
    out(
      `  ${'sign in as'.padEnd(31)} buyer1@demo.vitrine.example … buyer200, creator1 … creator10,`,
    );
    out(
      `  ${''.padEnd(31)} owner1 … owner20, operator1, developer1 (all with the password ${DEMO_PASSWORD})`,
    );
    out(
      `  ${''.padEnd(31)} operator1 with an authenticator app of ${DEMO_ONE_TIME_PASSWORD_SECRET}`,
    );
    out(`  ${page('/dev/mail')} mails, which are kept and not sent`);
  }
  out(`  ${'Ctrl-C'.padEnd(31)} ends everything; the data stay`);
  out();
}
