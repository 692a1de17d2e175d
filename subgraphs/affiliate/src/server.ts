import { runServer } from '@vitrine/platform/run';
import { affiliate } from './index.ts';

await runServer(affiliate);
