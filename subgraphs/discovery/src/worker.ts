import { runWorker } from '@vitrine/platform/run';
import { discovery } from './index.ts';

await runWorker(discovery);
