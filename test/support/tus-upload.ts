import { readUploadAnswer } from '../../shared/client/tus-answer.ts';
import type { UploadAnswer } from '../../shared/protocol/file.ts';
import { type Api, ApiRefusal, type RawAnswer } from './api.ts';

const TUS = { 'tus-resumable': '1.0.0' };
const APPEND = { ...TUS, 'content-type': 'application/offset+octet-stream' };

const metadata = (pairs: Record<string, string | undefined>): string =>
	Object.entries(pairs)
		.flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${Buffer.from(value).toString('base64')}`]))
		.join(',');

const refused = (what: string, answer: RawAnswer): ApiRefusal =>
	new ApiRefusal(what, answer.status, answer.body.toString('utf8'));

/** What is known of an upload when it is made. */
export interface TusFacts {
	path: string;
	size: number;
	sha256?: string;
	ifNoneMatch?: '*';
}

/** One tus upload, step by step, with nothing repeated by itself. */
export class TusUpload {
	/** Path of the upload's own address. */
	readonly location: string;
	readonly #api: Api;

	private constructor(api: Api, location: string) {
		this.#api = api;
		this.location = location;
	}

	/** Creates an upload; throws ApiRefusal. */
	static async create(api: Api, { path, size, sha256, ifNoneMatch }: TusFacts): Promise<TusUpload> {
		const answer = await api.raw('POST', '/api/v1/uploads', undefined, {
			...TUS,
			'upload-length': String(size),
			'upload-metadata': metadata({ path, sha256, ifNoneMatch }),
		});
		if (answer.status !== 201) throw refused('POST /uploads', answer);
		return new TusUpload(api, new URL(String(answer.headers.location), api.url).pathname);
	}

	/** The same upload as another client sees it, such as one behind a proxy. */
	seenBy(api: Api): TusUpload {
		return new TusUpload(api, this.location);
	}

	/** How much the server has; throws ApiRefusal. */
	async offset(): Promise<number> {
		const answer = await this.#api.raw('HEAD', this.location, undefined, TUS);
		if (answer.status !== 200) throw refused('HEAD upload', answer);
		return Number(answer.headers['upload-offset']);
	}

	/** Sends bytes from an offset on; rejects only when the connection breaks. */
	append(offset: number, bytes: Buffer): Promise<RawAnswer> {
		return this.#api.raw('PATCH', this.location, bytes, { ...APPEND, 'upload-offset': String(offset) });
	}

	/** Sends the rest and answers as a PUT would have been answered; throws ApiRefusal. */
	async finish(content: Buffer, offset = 0): Promise<UploadAnswer> {
		const answer = await this.append(offset, content.subarray(offset));
		if (answer.status >= 300) throw refused('PATCH upload', answer);
		return TusUpload.answerOf(answer);
	}

	/** Asks for the end of it. */
	terminate(): Promise<RawAnswer> {
		return this.#api.raw('DELETE', this.location, undefined, TUS);
	}

	/** What the last answer of a finished upload says. */
	static answerOf(answer: RawAnswer): UploadAnswer {
		const header = answer.headers['millrace-upload-answer'];
		const told = readUploadAnswer(typeof header === 'string' ? header : null);
		if (!told) throw new Error(`no Millrace-Upload-Answer in an answer of ${answer.status}`);
		return told;
	}
}
