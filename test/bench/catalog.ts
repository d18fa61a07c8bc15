import type { Benchmark } from './figure.ts';
import { bullmq } from './peers/bullmq.ts';
import { celery } from './peers/celery.ts';

/** What `npm run bench` measures, in this order. */
export const BENCHMARKS: readonly Benchmark[] = [];

/** The same work by others: `npm run bench -- peers`. */
export const PEERS: readonly Benchmark[] = [celery, bullmq];
