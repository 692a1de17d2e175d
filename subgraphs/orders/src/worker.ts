import { runWorker } from '@vitrine/platform/run';
import { orders } from './index.ts';

await runWorker(orders);
