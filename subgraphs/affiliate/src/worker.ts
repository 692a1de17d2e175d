import { runWorker } from '@vitrine/platform/run';
import { affiliate } from './index.ts';

await runWorker(affiliate);
