import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fullJitterBackoff } from '../../shared/backoff.ts';
import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import { type CoordinatorHttp, readText } from './coordinator-http.ts';
import { GiveBack, isDiskFull, TransferFailure } from './transfer-error.ts';

const BACKOFF = { firstMs: 200, mostMs: 5_000 };
/** Bytes that are collected before they are written. */
const WRITE_BYTES = 1024 * 1024;
/** The coordinator says that this attempt may not have the input, or that it is not there. */
const FINAL = new Set([400, 401, 403, 404, 409, 410]);

export interface WantedInput {
	sha256: string;
	size: number;
}

export const inputPath = ({ task, attempt }: AttemptRef, sha256: string): string =>
	`/api/v1/agent/attempts/${task}/${attempt}/inputs/${sha256}`;

/** What has arrived so far: bytes on disk and their hash, so that a cut download goes on where it stopped. */
class Arrival {
	readonly file: FileHandle;
	hash: Hash = createHash('sha256');
	/** Bytes that have arrived; those waiting to be written included. */
	at = 0;
	#waiting: Buffer[] = [];
	#waitingBytes = 0;

	constructor(file: FileHandle) {
		this.file = file;
	}

	async restart(): Promise<void> {
		this.#waiting = [];
		this.#waitingBytes = 0;
		await this.file.truncate(0);
		this.hash = createHash('sha256');
		this.at = 0;
	}

	/** Takes a chunk; a promise to wait for when there is enough to be written. */
	add(chunk: Buffer): Promise<void> | null {
		this.hash.update(chunk);
		this.#waiting.push(chunk);
		this.#waitingBytes += chunk.length;
		this.at += chunk.length;
		return this.#waitingBytes >= WRITE_BYTES ? this.flush() : null;
	}

	async flush(): Promise<void> {
		const chunks = this.#waiting;
		const bytes = this.#waitingBytes;
		const from = this.at - bytes;
		this.#waiting = [];
		this.#waitingBytes = 0;
		if (bytes === 0) return;
		// Together: as the network brings them they would each cost a turn through the thread pool.
		let { bytesWritten } = await this.file.writev(chunks, from);
		// A disk that becomes full takes a part, and says why at the next try.
		for (let rest = Buffer.alloc(0); bytesWritten < bytes; ) {
			if (rest.length === 0) rest = Buffer.concat(chunks);
			bytesWritten += (await this.file.write(rest, bytesWritten, bytes - bytesWritten, from + bytesWritten))
				.bytesWritten;
		}
	}
}

/** One request: everything from where the last one was cut. Throws what the network throws; GiveBack when it is final. */
const fetchOnce = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	input: WantedInput,
	arrival: Arrival,
	signal: AbortSignal,
	onBytes: (count: number) => void,
): Promise<void> => {
	const headers: Record<string, string> = { authorization: `Attempt ${ref.token}` };
	if (arrival.at > 0) headers.range = `bytes=${arrival.at}-`;
	const { status, body } = await http.get(inputPath(ref, input.sha256), headers, signal);
	if (status !== 200 && status !== 206) {
		const text = await readText(body);
		if (FINAL.has(status)) throw new GiveBack(`the input cannot be had from the coordinator (status ${status})`);
		if (status === 416) await arrival.restart();
		throw new Error(`status ${status}: ${text.slice(0, 200)}`);
	}
	if (status === 200 && arrival.at > 0) await arrival.restart();
	for await (const chunk of body as AsyncIterable<Buffer>) {
		onBytes(chunk.length);
		const written = arrival.add(chunk);
		if (written !== null) await written;
		if (arrival.at > input.size) return void body.destroy();
	}
};

const fetchWhole = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	input: WantedInput,
	arrival: Arrival,
	signal: AbortSignal,
	onBytes: (count: number) => void,
): Promise<void> => {
	for (let tries = 1; ; ) {
		const before = arrival.at;
		try {
			await fetchOnce(http, ref, input, arrival, signal, onBytes);
			if (arrival.at >= input.size) return await arrival.flush();
		} catch (error) {
			if (error instanceof GiveBack || signal.aborted || isDiskFull(error)) throw error;
		}
		// As long as something arrives the line is only bad, not dead.
		tries = arrival.at > before ? 1 : tries + 1;
		await pause(fullJitterBackoff(BACKOFF, tries), undefined, { signal });
	}
};

/**
 * Downloads an input to a new file and checks its size and SHA-256. Goes on after cuts until the signal is aborted.
 * Throws GiveBack when the coordinator refuses or the disk is full, TransferFailure when the content is damaged twice.
 */
export const fetchInput = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	input: WantedInput,
	options: { path: string; signal: AbortSignal; onBytes: (count: number) => void },
): Promise<void> => {
	try {
		await using file = await open(options.path, 'w', 0o444);
		const arrival = new Arrival(file);
		for (let round = 0; round < 2; round++) {
			await fetchWhole(http, ref, input, arrival, options.signal, options.onBytes);
			if (arrival.at === input.size && arrival.hash.digest('hex') === input.sha256) return;
			await arrival.restart();
		}
	} catch (error) {
		if (isDiskFull(error)) throw new GiveBack('the disk of the node is full');
		throw error;
	}
	const message = `The input ${input.sha256} arrived twice with other content than announced.`;
	throw new TransferFailure({ class: 'transient', code: 'input-damaged', message });
};
