import { DetailedError, defaultOptions, Upload } from 'tus-js-client';
import { UnreachableError } from '../../../shared/client/client-errors.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { errorOfRefusal } from '../../../shared/client/problem.ts';
import { readUploadAnswer, UPLOAD_ANSWER_HEADER } from '../../../shared/client/tus-answer.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import type { UploadMetadata } from '../../../shared/protocol/upload-metadata.ts';

export interface TusJob {
	file: File;
	metadata: UploadMetadata;
	/** Under which a cut upload is remembered on this device. */
	fingerprint: string;
	signal: AbortSignal;
	onProgress(sent: number): void;
}

/** Sends a file in pieces that survive cuts and reloads: what has arrived is not sent again. */
export const sendByTus = (http: HttpClient, job: TusJob): Promise<UploadAnswer> =>
	new Promise((resolve, reject) => {
		const upload = new Upload(job.file, {
			endpoint: http.urlOf('/api/v1/uploads'),
			metadata: Object.fromEntries(
				Object.entries(job.metadata).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
			),
			headers: { ...http.authHeaders(), 'x-millrace-request': '1' },
			// Whether and when to try again is the upload queue's business.
			retryDelays: null,
			fingerprint: async () => job.fingerprint,
			removeFingerprintOnSuccess: true,
			onProgress: (sent) => job.onProgress(sent),
			onError: (error) => {
				const failure = errorOfTus(http, error);
				if (isHopeless(failure)) void forget(job.fingerprint);
				reject(failure);
			},
			onSuccess: ({ lastResponse }) => {
				try {
					const answer = readUploadAnswer(lastResponse.getHeader(UPLOAD_ANSWER_HEADER));
					if (answer === null) throw new Error('The server stored the upload but did not say as what.');
					resolve(answer);
				} catch (error) {
					reject(error);
				}
			},
		});
		const stop = () => {
			void upload.abort();
			reject(job.signal.reason);
		};
		job.signal.addEventListener('abort', stop, { once: true });
		upload.findPreviousUploads().then(
			([previous]) => {
				if (job.signal.aborted) return;
				if (previous) upload.resumeFromPreviousUpload(previous);
				upload.start();
			},
			(error: unknown) => reject(error),
		);
	});

const errorOfTus = (http: HttpClient, error: Error): Error => {
	if (!(error instanceof DetailedError) || error.originalResponse === null) {
		return new UnreachableError(http.baseUrl, 'The connection was cut.', { cause: error });
	}
	const { originalResponse: response } = error;
	const refusal = errorOfRefusal('The upload', {
		status: response.getStatus(),
		header: (name) => response.getHeader(name) ?? null,
		text: response.getBody(),
	});
	// What was sent before the cut was still being taken in when the server was asked how far it is: ask again.
	const isLate = refusal instanceof CodedError && refusal.code === 'conflict';
	return isLate
		? new UnreachableError(http.baseUrl, 'The server was not ready to go on yet.', { cause: refusal })
		: refusal;
};

/** The half-sent upload itself is of no use any more: the next try begins anew. */
const isHopeless = (error: Error): boolean =>
	error instanceof CodedError && (error.code === 'checksum-mismatch' || !error.shouldRetry());

const forget = async (fingerprint: string): Promise<void> => {
	const storage = defaultOptions.urlStorage;
	for (const { urlStorageKey } of await storage.findUploadsByFingerprint(fingerprint))
		await storage.removeUpload(urlStorageKey);
};

/** Removes a cut upload from this device and, if it can be reached, from the server. */
export const abandonTus = async (http: HttpClient, fingerprint: string): Promise<void> => {
	for (const { uploadUrl } of await defaultOptions.urlStorage.findUploadsByFingerprint(fingerprint)) {
		if (uploadUrl === null) continue;
		try {
			const { pathname } = new URL(uploadUrl, http.baseUrl);
			await http.call('DELETE', pathname, { headers: { 'tus-resumable': '1.0.0' }, once: true });
		} catch {
			// It expires on the server by itself.
		}
	}
	await forget(fingerprint);
};
