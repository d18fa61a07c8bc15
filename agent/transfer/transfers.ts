import type { Attempt } from '../slots/attempt.ts';
import type { RunOutput } from '../tasks/child-messages.ts';
import type { TaskInput } from '../tasks/task-module.ts';
import type { CoordinatorHttp } from './coordinator-http.ts';
import { fetchInput } from './fetch-input.ts';
import type { InputCache } from './input-cache.ts';
import { TransferFailure } from './transfer-error.ts';
import { type UploadedOutput, uploadOutput } from './upload-output.ts';

/** Brings an attempt's inputs here and its outputs to the coordinator, and counts the bytes. */
export class Transfers {
	readonly #http: CoordinatorHttp;
	readonly #cache: InputCache;

	constructor(http: CoordinatorHttp, cache: InputCache) {
		this.#http = http;
		this.#cache = cache;
	}

	/** All inputs on the local disk, kept there until the attempt is released. */
	async fetchInputs(attempt: Attempt): Promise<TaskInput[]> {
		const signal = attempt.transferSignal;
		return Promise.all(
			attempt.assignment.inputs.map(async (input) => {
				const onBytes = (count: number) => {
					attempt.bytesIn += count;
				};
				const fetch = (path: string, downloadSignal: AbortSignal) =>
					fetchInput(this.#http, attempt.ref, input, { path, signal: downloadSignal, onBytes });
				const pinned = await this.#cache.take(input, fetch, signal);
				attempt.onEnd(pinned.release);
				return { name: input.name, path: pinned.path, size: input.size };
			}),
		);
	}

	/** Hands over the outputs, one after the other. Nothing is sent when they are too large in total. */
	async uploadOutputs(attempt: Attempt, outputs: readonly RunOutput[]): Promise<UploadedOutput[]> {
		const { outputBytes } = attempt.assignment.limits;
		const total = outputs.reduce((sum, { size }) => sum + size, 0);
		if (total > outputBytes) {
			const message = `The outputs have ${total} bytes; at most ${outputBytes} are allowed.`;
			throw new TransferFailure({ class: 'resource', code: 'output-limit', message });
		}
		const uploaded: UploadedOutput[] = [];
		for (const output of outputs) {
			uploaded.push(await uploadOutput(this.#http, attempt.ref, output, attempt.transferSignal));
			attempt.bytesOut += output.size;
		}
		return uploaded;
	}
}
