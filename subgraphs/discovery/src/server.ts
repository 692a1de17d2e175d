import { runServer } from '@vitrine/platform/run';
import { discovery } from './index.ts';

await runServer(discovery);
