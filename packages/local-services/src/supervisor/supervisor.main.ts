import { supervise } from './supervise.ts';

supervise(process);
