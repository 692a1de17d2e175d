import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { exampleOf, guideBlocks } from './guide.ts';
import type { NewApp } from './make-app.ts';
import { appText, envLines } from './show-app.ts';

const app: NewApp = {
  url: 'http://localhost:4000',
  name: `Ann's "labels" $HOME \`id\``,
  clientId: 'tpa_1',
  clientSecret: 's3cret',
  shopId: 'shp_1',
  shopName: 'Test shop',
  variantId: 'var_1',
  appToken: 'one',
  accessToken: 'two',
  refreshToken: 'three',
};

test('a shell reads every value as it is, whatever an app is called', () => {
  const script = `${envLines(app)}\nprintf '%s|%s|%s' "$APP_NAME" "$CLIENT_SECRET" "$ACCESS_TOKEN"`;

  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(`${app.name}|s3cret|two`);
});

test('people are shown the secret once, and an example with the values in it', () => {
  const text = appText(app, 'ask "$APP_TOKEN"');

  expect(text).toContain('client secret  s3cret   (shown this once: keep it)');
  expect(text.match(/^export CLIENT_ID='tpa_1'$/gm)).toHaveLength(1);
  expect(text.trimEnd().endsWith('ask "$APP_TOKEN"')).toBe(true);
});

const guide = `# Guide
\`\`\`bash start
npm start
\`\`\`
\`\`\`js receive.mjs
console.log(1);
\`\`\`
\`\`\`bash
node receive.mjs
\`\`\`
\`\`\`text
1
\`\`\`
`;

test('blocks of a guide have their language, their note, their text and their place', () => {
  expect(guideBlocks(guide)).toEqual([
    { language: 'bash', note: 'start', text: 'npm start', line: 3 },
    { language: 'js', note: 'receive.mjs', text: 'console.log(1);', line: 6 },
    { language: 'bash', note: '', text: 'node receive.mjs', line: 9 },
    { language: 'text', note: '', text: '1', line: 12 },
  ]);
  expect(() => guideBlocks('a\n```bash\nls')).toThrow('above line 3 is never closed');
});

test('the example is the guide without its beginning, files and all', () => {
  expect(exampleOf(guide)).toBe(
    `cat > "$APP_DIR/receive.mjs" <<'END'\nconsole.log(1);\nEND\n\nnode receive.mjs`,
  );
});
