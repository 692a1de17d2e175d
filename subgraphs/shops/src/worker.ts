import { runWorker } from '@vitrine/platform/run';
import { shops } from './index.ts';

await runWorker(shops);
