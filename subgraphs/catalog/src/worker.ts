import { runWorker } from '@vitrine/platform/run';
import { catalog } from './index.ts';

await runWorker(catalog);
