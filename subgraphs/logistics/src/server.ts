import { runServer } from '@vitrine/platform/run';
import { logistics } from './index.ts';

await runServer(logistics);
