import { once } from 'node:events';
import { createServer } from 'node:net';

export interface TakenMail {
  readonly to: string;
  readonly data: string;
}

/** A mail server of this process: takes mails, or refuses each as long as `refusal` says how. */
export async function startSmtp() {
  const taken: TakenMail[] = [];
  const state: { refusal: string | null } = { refusal: null };
  const server = createServer((socket) => {
    let to = '';
    let data: string | null = null;
    let rest = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      rest += chunk;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== null) {
          if (line !== '.') {
            data += `${line}\n`;
            continue;
          }
          taken.push({ to, data });
          data = null;
          say('250 taken');
        } else if (/^(EHLO|HELO)/.test(line)) say('250 test');
        else if (line.startsWith('RCPT TO:')) {
          to = /<(.*)>/.exec(line)?.[1] ?? '';
          say(state.refusal ?? '250 ok');
        } else if (line === 'DATA') {
          data = '';
          say('354 go on');
        } else if (line === 'QUIT') {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
    say('220 test');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    taken,
    state,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
