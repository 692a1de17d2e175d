import { runServer } from '@vitrine/platform/run';
import { catalog } from './index.ts';

await runServer(catalog);
