import { runWorker } from '@vitrine/platform/run';
import { logistics } from './index.ts';

await runWorker(logistics);
