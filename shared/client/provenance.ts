import { z } from 'zod';
import { idSchema } from '../protocol/ids.ts';
import { type againSchema, type ProvenanceView, provenanceViewSchema } from '../protocol/provenance.ts';
import { filedNowSchema, type filingNowSchema } from '../protocol/result.ts';
import { type CallOptions, type HttpClient, newIdempotencyKey } from './http-client.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** How a version of a file was made; the newest unless told. */
export const readProvenance = (
	http: HttpClient,
	file: string,
	version?: number,
	options: Signal = {},
): Promise<ProvenanceView> =>
	http.json('GET', `/api/v1/files/${encodeURIComponent(file)}/provenance`, provenanceViewSchema, {
		query: { version },
		...options,
	});

/** Does again what a task did; safely repeated when the connection is cut. */
export const runAgain = (
	http: HttpClient,
	task: string,
	wish: z.input<typeof againSchema> = {},
	options: Signal = {},
) =>
	http.json('POST', `/api/v1/tasks/${encodeURIComponent(task)}:again`, z.object({ id: idSchema('task') }), {
		body: wish,
		idempotencyKey: newIdempotencyKey(),
		...options,
	});

/** Makes files of what stays with a task; may be asked again. */
export const fileOutputs = (http: HttpClient, task: string, filing: z.input<typeof filingNowSchema>) =>
	http.json('POST', `/api/v1/tasks/${encodeURIComponent(task)}:file`, filedNowSchema, { body: filing });
