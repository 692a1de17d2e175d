import { runServer } from '@vitrine/platform/run';
import { orders } from './index.ts';

await runServer(orders);
