import { runServer } from '@vitrine/platform/run';
import { accounts } from './index.ts';

await runServer(accounts);
