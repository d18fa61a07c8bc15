import { headContent, putContent } from '../../../shared/client/content.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import { hashFile } from './hash-file.ts';
import type { UploadItem } from './upload-item.ts';

/** Up to here one PUT is quicker than the steps of a resumable upload. */
const SMALL_BYTES = 1024 * 1024;

/** stored: with the server's answer · already-there: the same content is at that path · taken: other content is */
export type SendOutcome = { kind: 'stored'; answer: UploadAnswer } | { kind: 'already-there' } | { kind: 'taken' };

export interface SendJob {
	item: UploadItem;
	file: File;
	/** Whose upload it is: two people at one browser never resume each other's. */
	owner: string;
	signal: AbortSignal;
	onSending(): void;
	onProgress(sent: number): void;
}

/** What identifies a half-sent file on this device, across reloads. */
export const fingerprintOf = (owner: string, { path, size, lastModified, rule }: UploadItem): string =>
	['millrace', owner, size, lastModified, rule, path].join('|');

/** Sends one file; a path that is taken is found out before large content is sent. */
export const sendFile = async (http: HttpClient, job: SendJob): Promise<SendOutcome> => {
	const { item, file, signal } = job;
	const sha256 = await hashFile(file);
	signal.throwIfAborted();
	const noOverwrite = item.rule !== 'replace';
	if (noOverwrite && file.size > SMALL_BYTES) {
		const there = await whatIsThere(http, item, sha256, signal);
		if (there !== null) return there;
	}
	job.onSending();
	try {
		return { kind: 'stored', answer: await send(http, job, sha256, noOverwrite) };
	} catch (error) {
		if (!(error instanceof CodedError) || error.code !== 'precondition-failed') throw error;
		return (await whatIsThere(http, item, sha256, signal)) ?? { kind: 'taken' };
	}
};

const send = async (http: HttpClient, job: SendJob, sha256: string | null, noOverwrite: boolean) => {
	const { item, file, signal } = job;
	if (file.size <= SMALL_BYTES) {
		return putContent(http, item.path, file, { ...(sha256 ? { sha256 } : {}), noOverwrite }, { signal });
	}
	const { sendByTus } = await import('./send-by-tus.ts');
	return sendByTus(http, {
		file,
		fingerprint: fingerprintOf(job.owner, item),
		metadata: {
			path: item.path,
			...(sha256 ? { sha256 } : {}),
			...(noOverwrite ? { ifNoneMatch: '*' as const } : {}),
		},
		signal,
		onProgress: job.onProgress,
	});
};

const whatIsThere = async (
	http: HttpClient,
	item: UploadItem,
	sha256: string | null,
	signal: AbortSignal,
): Promise<SendOutcome | null> => {
	const there = await headContent(http, item.path, { signal });
	if (there === null) return null;
	const same = sha256 !== null && there.sha256 === sha256 && item.rule === 'ask';
	return { kind: same ? 'already-there' : 'taken' };
};
