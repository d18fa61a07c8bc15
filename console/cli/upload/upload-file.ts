import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fullJitterBackoff } from '../../../shared/backoff.ts';
import { UnreachableError } from '../../../shared/client/client-errors.ts';
import { headContent, putContent } from '../../../shared/client/content.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { isRetryable, pause } from '../../../shared/client/retry.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import type { TransferMeter } from '../terminal/transfer-meter.ts';
import { findUploaded } from './find-uploaded.ts';
import { hashFile } from './hash-file.ts';
import type { UnfinishedUploads } from './unfinished-uploads.ts';

/** From this size on an upload is resumable: a cut costs less than beginning again. */
export const LARGE_BYTES = 8 * 1024 * 1024;

const TRIES = 6;
const BACKOFF = { firstMs: 250, mostMs: 8_000 };

export interface UploadOptions {
	http: HttpClient;
	signal: AbortSignal;
	meter: TransferMeter;
	unfinished: UnfinishedUploads;
	/** Refuse when the path is taken. */
	noOverwrite: boolean;
	/** Leave out what the server has at that path already. */
	skipSame: boolean;
}

export type Uploaded = { status: 'uploaded'; answer: UploadAnswer } | { status: 'same' };

/**
 * Whether the server has this content at that path already. Refuses a taken path before any byte is sent: a server that
 * refuses in the middle of a body may cut the connection, and its reason is lost.
 */
const isThere = async (remote: string, sha256: string, options: UploadOptions): Promise<boolean> => {
	if (!options.skipSame && !options.noOverwrite) return false;
	const { http, signal } = options;
	const there = await headContent(http, remote, { signal }).catch((error) => {
		if (error instanceof CodedError && (error.code === 'not-a-folder' || error.code === 'is-a-folder')) return null;
		throw error;
	});
	if (there !== null && options.skipSame && there.sha256 === sha256) return true;
	if (there === null || !options.noOverwrite) return false;
	throw new CodedError('precondition-failed', `There is a file at ${remote} already.`);
};

/** Tries a PUT until it is answered. After a cut it may have been done: then it is found, not repeated. */
const uploadSmall = async (
	remote: string,
	content: Uint8Array<ArrayBuffer>,
	sha256: string,
	options: UploadOptions,
): Promise<UploadAnswer> => {
	const { http, signal, noOverwrite } = options;
	for (let tries = 1; ; tries += 1) {
		try {
			return await putContent(http, remote, content, { sha256, noOverwrite }, { signal });
		} catch (error) {
			if (tries >= TRIES || !isRetryable(error)) throw error;
			const asked = error instanceof CodedError ? (error.retryAfter ?? 0) * 1_000 : 0;
			if (asked > 30_000) throw error;
			await pause(asked + fullJitterBackoff(BACKOFF, tries), signal);
			const done = error instanceof UnreachableError ? await findUploaded(http, remote, sha256, signal) : null;
			if (done !== null) return done;
		}
	}
};

/** Uploads one file, small ones at once and large ones so that they can go on after a cut. */
export const uploadFile = async (
	file: { local: string; remote: string; size: number },
	options: UploadOptions,
): Promise<Uploaded> => {
	const { local, remote } = file;
	if (file.size < LARGE_BYTES) {
		const content = new Uint8Array(await readFile(local, { signal: options.signal }));
		const sha256 = createHash('sha256').update(content).digest('hex');
		if (await isThere(remote, sha256, options)) {
			options.meter.skip(file.size);
			return { status: 'same' };
		}
		const answer = await uploadSmall(remote, content, sha256, options);
		options.meter.move(file.size);
		return { status: 'uploaded', answer };
	}
	const content = await hashFile(local, options.signal);
	if (await isThere(remote, content.sha256, options)) {
		options.meter.skip(file.size);
		return { status: 'same' };
	}
	const { uploadLarge } = await import('./upload-large.ts');
	return { status: 'uploaded', answer: await uploadLarge({ local, remote, ...content }, options) };
};
