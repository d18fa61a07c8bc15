import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { fullJitterBackoff } from '../../shared/backoff.ts';
import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import { ERRORS } from '../../shared/protocol/errors.ts';
import { sha256Schema } from '../../shared/protocol/ids.ts';
import type { CoordinatorHttp } from './coordinator-http.ts';
import { GiveBack, TransferFailure } from './transfer-error.ts';

const BACKOFF = { firstMs: 200, mostMs: 5_000 };
/** Refusals that time may heal, such as a full disk over there, are borne with so long; then the attempt goes back. */
const PATIENCE_MS = 120_000;
const CHUNK_BYTES = 256 * 1024;

const storedSchema = z.object({ sha256: sha256Schema, size: z.number() });
const problemSchema = z.object({ code: z.string() });

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

const problemCode = (text: string): string => {
	try {
		return problemSchema.parse(JSON.parse(text)).code;
	} catch {
		// Not from the coordinator itself, a proxy's page perhaps.
		return '';
	}
};

const mayHeal = (status: number, code: string): boolean =>
	code in ERRORS ? ERRORS[code as keyof typeof ERRORS].retryable : status >= 500 || status === 408 || status === 429;

/** Sends the file once; answers null when it should be tried again. */
const uploadOnce = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	output: LocalOutput,
	file: FileHandle,
	signal: AbortSignal,
): Promise<UploadedOutput | { retry: string; isRefusal: boolean }> => {
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
		return { retry: 'it arrived with other content', isRefusal: true };
	}
	const code = problemCode(text);
	if (mayHeal(status, code)) return { retry: `status ${status} ${code}`.trim(), isRefusal: true };
	if (status === 413) {
		const message = `The output ${output.name} is larger than the coordinator takes.`;
		throw new TransferFailure({ class: 'resource', code: 'output-limit', message });
	}
	throw new GiveBack(`the output ${output.name} was refused (status ${status}${code ? ` ${code}` : ''})`);
};

/**
 * Uploads one output, again and again until the signal is aborted. Throws GiveBack when the coordinator does not want
 * it, TransferFailure when it is too large.
 */
export const uploadOutput = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	output: LocalOutput,
	signal: AbortSignal,
): Promise<UploadedOutput> => {
	await using file = await open(output.path, constants.O_RDONLY | constants.O_NOFOLLOW);
	if (!(await file.stat()).isFile()) throw new GiveBack(`the output ${output.name} is not a regular file`);
	const startedAt = performance.now();
	for (let tries = 1; ; tries++) {
		try {
			const outcome = await uploadOnce(http, ref, output, file, signal);
			if ('sha256' in outcome) return outcome;
			if (performance.now() - startedAt > PATIENCE_MS) {
				throw new GiveBack(`the output ${output.name} could not be handed over: ${outcome.retry}`);
			}
		} catch (error) {
			if (error instanceof GiveBack || error instanceof TransferFailure || signal.aborted) throw error;
		}
		await pause(fullJitterBackoff(BACKOFF, tries), undefined, { signal });
	}
};
