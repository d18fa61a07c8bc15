import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { TaskContext, TaskInput } from './task-module.ts';

const CHUNK_BYTES = 1024 * 1024;

/** Checksums of an input by all of the algorithms, in hexadecimal: read once. `onBytes` hears how much was read since. */
export const hashInput = async <A extends string>(
	input: TaskInput,
	algorithms: readonly A[],
	signal: TaskContext['signal'],
	onBytes: (bytes: number) => void,
): Promise<Record<A, string>> => {
	const hashes = algorithms.map((algorithm) => [algorithm, createHash(algorithm)] as const);
	for await (const chunk of createReadStream(input.path, { highWaterMark: CHUNK_BYTES, signal })) {
		for (const [, hash] of hashes) hash.update(chunk as Buffer);
		onBytes((chunk as Buffer).length);
	}
	return Object.fromEntries(hashes.map(([algorithm, hash]) => [algorithm, hash.digest('hex')])) as Record<A, string>;
};

/** Tells how far all inputs together are. */
export const progressOf = (context: TaskContext): ((bytes: number) => void) => {
	const total = context.inputs.reduce((sum, { size }) => sum + size, 0);
	let done = 0;
	return (bytes) => {
		done += bytes;
		if (total > 16 * CHUNK_BYTES) context.progress(done / total);
	};
};
