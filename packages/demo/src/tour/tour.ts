import { readEnv } from '@vitrine/platform/env';
import { tour } from './chapters.ts';
import { BrokenPromise, storyOn } from './story.ts';

/* `npm run tour [-- <url>]`: the main job against a running platform, step by step. */
const url = process.argv[2] ?? `http://localhost:${readEnv().PORT}/graphql`;
const story = storyOn((line) => void process.stdout.write(`${line}\n`));

try {
  await tour(url, story);
  const { steps, promises } = story.summary();
  process.stdout.write(`\nAll ${promises} promises of ${steps} steps kept.\n`);
} catch (error) {
  process.stderr.write(`\n   ✗ ${wordsOf(error)}\n`);
  process.exitCode = 1;
}
process.exit();

function wordsOf(error: unknown): string {
  if (error instanceof BrokenPromise) return `not as promised: ${error.message}`;
  if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') {
    return `nothing answers at ${url}; start the platform with \`npm start\` first`;
  }
  return String(error);
}
