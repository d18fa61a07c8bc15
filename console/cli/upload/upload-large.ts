import { createReadStream } from 'node:fs';
import { type DetailedError, type HttpRequest, type HttpResponse, Upload } from 'tus-js-client';
import { UnexpectedAnswerError, UnreachableError } from '../../../shared/client/client-errors.ts';
import { errorOfRefusal } from '../../../shared/client/problem.ts';
import { readUploadAnswer, UPLOAD_ANSWER_HEADER } from '../../../shared/client/tus-answer.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import type { UploadMetadata } from '../../../shared/protocol/upload-metadata.ts';
import { findUploaded } from './find-uploaded.ts';
import type { UploadOptions } from './upload-file.ts';

/** Patience without any byte accepted in between: about two minutes, so that a restart of the server is survived. */
const RETRY_DELAYS = [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000];
const SILENCE_MS = 120_000;

export interface LargeFile {
	local: string;
	remote: string;
	size: number;
	sha256: string;
}

const mayPass = (status: number): boolean =>
	status === 0 ||
	status === 409 ||
	status === 423 ||
	status === 429 ||
	(status >= 500 && status !== 501 && status !== 507);

const refusalOf = (server: string, error: Error | DetailedError): Error => {
	const response = 'originalResponse' in error ? error.originalResponse : null;
	if (response === null || response === undefined) {
		return new UnreachableError(
			server,
			`${server} did not answer. Run the same command again: it goes on where it was.`,
			{
				cause: error,
			},
		);
	}
	const header = (name: string) => response.getHeader(name);
	const status = response.getStatus();
	if (status < 400) return new UnexpectedAnswerError(status, `${server} answered the upload with status ${status}.`);
	return errorOfRefusal('The upload', { status, header, text: response.getBody() });
};

/** One try by tus-js-client, which goes on after cuts by itself; begins where an earlier run ended. */
const send = (file: LargeFile, uploadUrl: string | null, options: UploadOptions, onUrl: (url: string) => void) =>
	new Promise<HttpResponse>((resolve, reject) => {
		const { http, signal, meter } = options;
		const metadata = {
			path: file.remote,
			sha256: file.sha256,
			...(options.noOverwrite ? { ifNoneMatch: '*' } : {}),
		} satisfies { [name in keyof UploadMetadata]: string };
		const stream = createReadStream(file.local);
		stream.on('error', (error) => finish(() => reject(error)));
		let sent = 0;
		let foreign = false;
		const upload = new Upload(stream as unknown as Buffer, {
			endpoint: http.urlOf('/api/v1/uploads'),
			...(uploadUrl === null ? {} : { uploadUrl }),
			uploadSize: file.size,
			metadata,
			headers: { ...http.authHeaders(), 'x-millrace-request': '1' },
			retryDelays: RETRY_DELAYS,
			storeFingerprintForResuming: false,
			onUploadUrlAvailable: () => upload.url !== null && onUrl(upload.url),
			onBeforeRequest: (request: HttpRequest) => {
				// The token goes along: never to another server, whatever the answer said.
				if (request.getURL().startsWith(`${http.baseUrl}/`)) return;
				foreign = true;
				throw new Error('the upload’s address is at another server');
			},
			onAfterResponse: (request: HttpRequest, response: HttpResponse) => {
				if (request.getMethod() !== 'HEAD') return;
				const offset = Number(response.getHeader('upload-offset') ?? 0);
				meter.skip(offset - sent);
				sent = offset;
			},
			onProgress: (bytes) => {
				watch.refresh();
				meter.move(bytes - sent);
				sent = bytes;
			},
			onShouldRetry: (error) => !signal.aborted && !foreign && mayPass(error.originalResponse?.getStatus() ?? 0),
			onError: (error) => finish(() => reject(refusalOf(http.baseUrl, error))),
			onSuccess: ({ lastResponse }) => finish(() => resolve(lastResponse)),
		});
		// A network that swallows everything gives no error: begin anew from what the server has.
		const watch = setTimeout(() => {
			void upload.abort().then(() => {
				if (ended) return;
				watch.refresh();
				upload.start();
			});
		}, SILENCE_MS);
		const stop = () => {
			void upload.abort();
			finish(() => reject(signal.reason));
		};
		let ended = false;
		const finish = (act: () => void) => {
			ended = true;
			clearTimeout(watch);
			signal.removeEventListener('abort', stop);
			stream.destroy();
			act();
		};
		signal.addEventListener('abort', stop, { once: true });
		if (signal.aborted) stop();
		else upload.start();
	});

/** Uploads by tus; a cut, a restart of the server or a new run of the command goes on where it was. */
export const uploadLarge = async (file: LargeFile, options: UploadOptions): Promise<UploadAnswer> => {
	const { http, signal, unfinished } = options;
	const key = { server: http.baseUrl, remote: file.remote, sha256: file.sha256, noOverwrite: options.noOverwrite };
	const earlier = await unfinished.find(key);
	if (earlier !== null) {
		const done = await findUploaded(http, file.remote, file.sha256, signal);
		if (done !== null) {
			// The earlier run was cut after its end.
			await unfinished.forget(key);
			options.meter.skip(file.size);
			return done;
		}
	}
	let remembered = Promise.resolve();
	const response = await send(file, earlier, options, (url) => {
		remembered = unfinished.remember(key, url);
		remembered.catch(() => {});
	});
	await remembered;
	await unfinished.forget(key);
	const answer =
		readUploadAnswer(response.getHeader(UPLOAD_ANSWER_HEADER)) ??
		(await findUploaded(http, file.remote, file.sha256, signal));
	if (answer === null)
		throw new UnexpectedAnswerError(response.getStatus(), `${http.baseUrl} took the upload but shows no file.`);
	return answer;
};
