import { request } from 'undici';
import type { Api, RawAnswer } from './api.ts';

type Body = Buffer | string | NodeJS.ReadableStream | null;

/** No two of a person's are called the same. */
let made = 0;

/** A person's drive, as a program sees it: WebDAV by name and app password, with nothing hidden and nothing repeated. */
export class DriveClient {
	/** Address of the top, without a slash at its end. */
	readonly url: string;
	readonly username: string;
	readonly password: string;

	constructor(url: string, username: string, password: string) {
		this.url = url;
		this.username = username;
		this.password = password;
	}

	/** With an app password of its own, made by the person. */
	static async open(
		api: Api,
		username: string,
		access: 'read-write' | 'read-only' = 'read-write',
	): Promise<DriveClient> {
		const { password } = await api.post<{ password: string }>('/app-passwords', { name: `test ${++made}`, access });
		return new DriveClient(`${api.url}/dav`, username, password);
	}

	get authorization(): string {
		return `Basic ${Buffer.from(`${this.username}:${this.password}`).toString('base64')}`;
	}

	/** The address of a path such as `/files/a b.txt`. */
	at(path: string): string {
		return this.url + path.split('/').map(encodeURIComponent).join('/');
	}

	/** Any request, any answer; rejects only when the connection fails. */
	async raw(method: string, path: string, body: Body = null, headers: Record<string, string> = {}): Promise<RawAnswer> {
		const answer = await request(this.at(path), {
			method: method as 'GET',
			headers: { authorization: this.authorization, ...headers },
			body: body as Buffer | null,
			headersTimeout: 120_000,
			bodyTimeout: 120_000,
		});
		return {
			status: answer.statusCode,
			headers: answer.headers,
			body: Buffer.from(await answer.body.arrayBuffer()),
		};
	}

	/** The status of the answer alone. */
	async status(method: string, path: string, body: Body = null, headers: Record<string, string> = {}): Promise<number> {
		return (await this.raw(method, path, body, headers)).status;
	}

	/** Takes a lock; throws unless it was given. Resolves to its token, without brackets. */
	async lock(path: string): Promise<string> {
		const body =
			'<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>';
		const answer = await this.raw('LOCK', path, body, { timeout: 'Second-600' });
		const token = /<([^>]+)>/.exec(String(answer.headers['lock-token']))?.[1];
		if (answer.status > 201 || token === undefined) throw new Error(`LOCK ${path}: ${answer.status} ${answer.body}`);
		return token;
	}

	/** Names in a folder, decoded, as a list of the folder tells them. */
	async names(folder: string): Promise<string[]> {
		const answer = await this.raw('PROPFIND', `${folder}/`, null, { depth: '1' });
		if (answer.status !== 207) throw new Error(`PROPFIND ${folder}: ${answer.status} ${answer.body}`);
		const own = new URL(this.at(`${folder}/`)).pathname;
		const hrefs = [...answer.body.toString('utf8').matchAll(/<D:href>([^<]*)<\/D:href>/g)].map(
			([, href]) => href ?? '',
		);
		return hrefs
			.filter((href) => href !== own)
			.map((href) => decodeURIComponent(href.replace(/\/$/, '').split('/').at(-1) ?? ''));
	}
}
