import type { Attempt } from '../slots/attempt.ts';
import type { RunOutput } from '../tasks/child-messages.ts';
import type { TaskInput } from '../tasks/task-module.ts';
import type { CoordinatorHttp } from './coordinator-http.ts';
import { fetchInput, type WantedInput } from './fetch-input.ts';
import { fetchSecrets } from './fetch-secrets.ts';
import type { InputCache } from './input-cache.ts';
import { TransferFailure } from './transfer-error.ts';
import { type UploadedOutput, uploadOutput } from './upload-output.ts';

/** Inputs of one attempt that are fetched at a time; a task may have a thousand. */
const MOST_AT_A_TIME = 8;

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
		const { inputs } = attempt.assignment;
		const got: TaskInput[] = [];
		const waiting = inputs.entries();
		const lane = async () => {
			for (const [index, input] of waiting) {
				const path = await this.#fetchInput(attempt, input);
				got[index] = { name: input.name, path, size: input.size, sha256: input.sha256 };
			}
		};
		const lanes = Array.from({ length: Math.min(MOST_AT_A_TIME, inputs.length) }, lane);
		try {
			await Promise.all(lanes);
			return got;
		} catch (error) {
			// Nothing may arrive, and be pinned, after the attempt has been released.
			attempt.stopTransfers();
			await Promise.allSettled(lanes);
			throw error;
		}
	}

	async #fetchInput(attempt: Attempt, input: WantedInput): Promise<string> {
		const onBytes = (count: number) => {
			attempt.bytesIn += count;
		};
		const fetch = (path: string, signal: AbortSignal) =>
			fetchInput(this.#http, attempt.ref, input, { path, signal, onBytes });
		const { path, release } = await this.#cache.take(input, fetch, attempt.transferSignal);
		attempt.onEnd(release);
		return path;
	}

	/** What the attempt’s task was given under those names. */
	fetchSecrets(attempt: Attempt, slots: readonly string[]): Promise<Record<string, string>> {
		return fetchSecrets(this.#http, attempt.ref, slots, { signal: attempt.transferSignal });
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
			uploaded.push(await uploadOutput(this.#http, attempt.ref, output, { signal: attempt.transferSignal }));
			attempt.bytesOut += output.size;
		}
		return uploaded;
	}
}
