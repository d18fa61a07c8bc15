import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import { sha256Schema } from '../../shared/protocol/ids.ts';
import type { CoordinatorHttp } from './coordinator-http.ts';
import { PATIENCE_MS, Patience } from './patience.ts';
import { readRefusal } from './refusal.ts';
import { GiveBack, TransferFailure } from './transfer-error.ts';

const CHUNK_BYTES = 256 * 1024;

const storedSchema = z.object({ sha256: sha256Schema, size: z.number() });

export interface LocalOutput {
	name: string;
	path: string;
	size: number;
	mediaType: string;
}

export interface UploadedOutput {
	name: string;
	sha256: string;
	size: number;
	mediaType: string;
}

/** Why an output was not taken this time; `isTheirDisk` when there is no room for it over there. */
interface Trouble {
	why: string;
	isTheirDisk: boolean;
}

/** What the coordinator's refusal means for the attempt; trouble when it is worth another try. */
const refused = (status: number, text: string, { name }: LocalOutput): Trouble => {
	const refusal = readRefusal(status, text);
	if (refusal.isNotOurs) throw new GiveBack(`the output ${name} was refused (${refusal.text})`);
	if (status === 413) {
		const message = `The output ${name} is larger than the coordinator takes.`;
		throw new TransferFailure({ class: 'resource', code: 'output-limit', message });
	}
	if (refusal.mayHeal) return { why: refusal.text, isTheirDisk: refusal.code === 'disk-full' };
	const message = `The coordinator does not take the output ${name}: ${refusal.text}.`;
	// Its name, for example: the program would choose it again.
	throw new TransferFailure({ class: 'permanent', code: 'output-refused', message });
};

/** Sends the file once; answers why when it should be tried again. */
const uploadOnce = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	output: LocalOutput,
	file: FileHandle,
	signal: AbortSignal,
): Promise<UploadedOutput | Trouble> => {
	const hash = createHash('sha256');
	let sent = 0;
	async function* content() {
		while (sent < output.size) {
			const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, output.size - sent));
			const { bytesRead } = await file.read(buffer, 0, buffer.length, sent);
			if (bytesRead === 0) throw new Error('the output became shorter');
			const chunk = buffer.subarray(0, bytesRead);
			hash.update(chunk);
			sent += bytesRead;
			yield chunk;
		}
	}
	const { task, attempt, token } = ref;
	const path = `/api/v1/agent/attempts/${task}/${attempt}/outputs/${encodeURIComponent(output.name)}`;
	const headers = {
		authorization: `Attempt ${token}`,
		'content-type': output.mediaType,
		'content-length': String(output.size),
	};
	const { status, text } = await http.put(path, headers, Readable.from(content(), { objectMode: false }), signal);
	if (status >= 200 && status < 300) {
		const stored = storedSchema.parse(JSON.parse(text));
		if (stored.size === output.size && stored.sha256 === hash.digest('hex')) {
			return { name: output.name, sha256: stored.sha256, size: output.size, mediaType: output.mediaType };
		}
		return { why: 'it arrived with other content', isTheirDisk: false };
	}
	return refused(status, text, output);
};

/**
 * Uploads one output, again and again for a while. Throws GiveBack when the attempt is not ours any more or the
 * coordinator's disk is full, TransferFailure when the output is not taken or never arrives.
 */
export const uploadOutput = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	output: LocalOutput,
	{ signal, patienceMs = PATIENCE_MS }: { signal: AbortSignal; patienceMs?: number },
): Promise<UploadedOutput> => {
	await using file = await open(output.path, constants.O_RDONLY | constants.O_NOFOLLOW);
	if (!(await file.stat()).isFile()) throw new GiveBack(`the output ${output.name} is not a regular file`);
	const patience = new Patience(patienceMs);
	for (;;) {
		let trouble: Trouble;
		try {
			const outcome = await uploadOnce(http, ref, output, file, signal);
			if ('sha256' in outcome) return outcome;
			trouble = outcome;
		} catch (error) {
			if (error instanceof GiveBack || error instanceof TransferFailure || signal.aborted) throw error;
			trouble = { why: (error as Error).message, isTheirDisk: false };
		}
		if (patience.isOver) {
			const message = `The output ${output.name} could not be handed over, at last because: ${trouble.why.slice(0, 500)}.`;
			if (trouble.isTheirDisk) throw new GiveBack(message);
			throw new TransferFailure({ class: 'transient', code: 'output-unreachable', message });
		}
		await patience.pause(signal);
	}
};
