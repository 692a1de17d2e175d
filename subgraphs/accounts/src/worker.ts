import { runWorker } from '@vitrine/platform/run';
import { accounts } from './index.ts';

await runWorker(accounts);
