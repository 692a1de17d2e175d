import { runWorker } from '@vitrine/platform/run';
import { social } from './index.ts';

await runWorker(social);
