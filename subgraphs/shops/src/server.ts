import { runServer } from '@vitrine/platform/run';
import { shops } from './index.ts';

await runServer(shops);
