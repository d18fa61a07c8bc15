import { archive } from './archive.ts';
import { backup } from './backup.ts';
import { consoleScreens } from './console.ts';
import { deadNode } from './dead-node.ts';
import { drive } from './drive.ts';
import type { Benchmark } from './figure.ts';
import { largeFile } from './large-file.ts';
import { idleLatency, priorityLatency } from './latency.ts';
import { million } from './million.ts';
import { bullmq } from './peers/bullmq.ts';
import { celery } from './peers/celery.ts';
import { scheduleTicks } from './schedule-ticks.ts';
import { smallFiles } from './small-files.ts';
import { sqliteInsert } from './sqlite-insert.ts';
import { submits, throughput } from './throughput.ts';
import { thumbnails } from './thumbnails.ts';
import { usageCuts } from './usage-cuts.ts';
import { watch } from './watch.ts';
import { whatIfDay } from './what-if-day.ts';
import { whatIfFidelity } from './what-if-fidelity.ts';
import { whyNot } from './why-not.ts';

/** What `npm run bench` measures, in this order. */
export const BENCHMARKS: readonly Benchmark[] = [
	sqliteInsert,
	throughput,
	submits,
	idleLatency,
	priorityLatency,
	million,
	whyNot,
	largeFile,
	smallFiles,
	drive,
	archive,
	backup,
	thumbnails,
	scheduleTicks,
	whatIfFidelity,
	whatIfDay,
	watch,
	deadNode,
	usageCuts,
	consoleScreens,
];

/** The same work by others: `npm run bench -- peers`. */
export const PEERS: readonly Benchmark[] = [celery, bullmq];
