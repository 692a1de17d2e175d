import { runServer } from '@vitrine/platform/run';
import { social } from './index.ts';

await runServer(social);
