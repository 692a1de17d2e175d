import { benchCheckout } from './checkout/checkout.ts';
import { benchFanout } from './fanout/fanout.ts';
import { type BenchResult, tableOf } from './figures.ts';
import { benchGateway } from './gateway/gateway.ts';
import { benchPage } from './page/page.ts';
import { benchRecommend } from './recommend/recommend.ts';
import { benchRoom } from './room/room.ts';
import { benchSignIn } from './sign-in/sign-in.ts';
import { benchTokens } from './tokens/tokens.ts';
import { benchWebhooks } from './webhooks/webhooks.ts';

/* `npm run bench -- <name> [--json]` */
const benches: Readonly<Record<string, (say: (line: string) => void) => Promise<BenchResult>>> = {
  gateway: benchGateway,
  page: benchPage,
  checkout: benchCheckout,
  fanout: benchFanout,
  room: benchRoom,
  recommend: benchRecommend,
  tokens: benchTokens,
  'sign-in': benchSignIn,
  webhooks: benchWebhooks,
};

const [name = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const asJson = process.argv.includes('--json');
const bench = benches[name];
if (!bench) {
  process.stderr.write(`npm run bench -- ${Object.keys(benches).join(' | ')} [--json]\n`);
  process.exit(2);
}
const result = await bench((line) => void process.stderr.write(`  ${line}\n`));
process.stdout.write(`${asJson ? JSON.stringify(result) : tableOf(result)}\n`);
process.exit(0);
