import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import { type CoordinatorHttp, readText } from './coordinator-http.ts';
import { PATIENCE_MS, Patience } from './patience.ts';
import { readRefusal } from './refusal.ts';
import { GiveBack, isDiskFull, TransferFailure } from './transfer-error.ts';

/** Bytes that are collected before they are written. */
const WRITE_BYTES = 1024 * 1024;

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

/** What the coordinator's refusal means for the attempt. Throws a plain error when it is worth another try. */
const refused = (status: number, text: string, { sha256 }: WantedInput): Error => {
	const refusal = readRefusal(status, text);
	if (refusal.isNotOurs) return new GiveBack(`the input cannot be had from the coordinator (${refusal.text})`);
	if (refusal.code === 'content-lost') {
		const message = `The coordinator has lost the content ${sha256} of an input. Upload it again, then retry the task.`;
		return new TransferFailure({ class: 'permanent', code: 'input-lost', message });
	}
	if (refusal.code === 'content-changed') {
		const message =
			'An input was changed in the directory that its dataset is linked to. Publish the dataset again, then run this on its new version.';
		return new TransferFailure({ class: 'permanent', code: 'input-changed', message });
	}
	if (refusal.mayHeal) return new Error(refusal.text);
	const message = `The coordinator refused the input ${sha256}: ${refusal.text}.`;
	return new TransferFailure({ class: 'transient', code: 'input-refused', message });
};

/** One request: everything from where the last one was cut. Throws what the network throws, and what is final. */
const fetchOnce = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	input: WantedInput,
	arrival: Arrival,
	{ signal, onBytes }: FetchOptions,
): Promise<void> => {
	const headers: Record<string, string> = { authorization: `Attempt ${ref.token}` };
	if (arrival.at > 0) headers.range = `bytes=${arrival.at}-`;
	const { status, body } = await http.get(inputPath(ref, input.sha256), headers, signal);
	if (status === 416 && arrival.at > 0) {
		await arrival.restart();
		throw new Error(`status 416: ${(await readText(body)).slice(0, 200)}`);
	}
	if (status !== 200 && status !== 206) throw refused(status, await readText(body), input);
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
	options: FetchOptions,
): Promise<void> => {
	const patience = new Patience(options.patienceMs ?? PATIENCE_MS);
	for (let most = 0; ; ) {
		let trouble = 'it ended too early';
		try {
			await fetchOnce(http, ref, input, arrival, options);
			if (arrival.at >= input.size) return await arrival.flush();
		} catch (error) {
			const isFinal = error instanceof GiveBack || error instanceof TransferFailure;
			if (isFinal || options.signal.aborted || isDiskFull(error)) throw error;
			trouble = (error as Error).message;
		}
		// As long as more arrives than ever before the line is only bad, not dead.
		if (arrival.at > most) patience.renew();
		most = Math.max(most, arrival.at);
		if (patience.isOver) {
			const message = `The input ${input.sha256} could not be fetched, at last because: ${trouble.slice(0, 500)}.`;
			throw new TransferFailure({ class: 'transient', code: 'input-unreachable', message });
		}
		await patience.pause(options.signal);
	}
};

/** How an input is fetched. */
export interface FetchOptions {
	path: string;
	signal: AbortSignal;
	onBytes: (count: number) => void;
	/** How long nothing may arrive; for tests. */
	patienceMs?: number;
}

/**
 * Downloads an input to a new file and checks its size and SHA-256. Goes on after cuts as long as something arrives.
 * Throws GiveBack when the attempt is not ours any more or the disk is full, TransferFailure when the content is lost,
 * damaged twice, or does not come.
 */
export const fetchInput = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	input: WantedInput,
	options: FetchOptions,
): Promise<void> => {
	try {
		await using file = await open(options.path, 'w', 0o444);
		const arrival = new Arrival(file);
		for (let round = 0; round < 2; round++) {
			await fetchWhole(http, ref, input, arrival, options);
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
