import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { standInId } from './stand-in-id.ts';

interface StoredFile {
	id: string;
	path: string;
	version: number;
	content: Buffer;
}
interface StandInUpload {
	metadata: Record<string, string>;
	length: number;
	/** With one byte more than is to come; `content` is its beginning. */
	room: Buffer;
	content: Buffer;
	/** Who writes it now: a later request takes it from an earlier one that is not known to be cut yet. */
	writer: IncomingMessage | null;
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

const AT = '2026-01-02T03:04:05.000Z';
export const sha256Of = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

const bodyOf = async (request: IncomingMessage, onChunk: (chunk: Buffer) => void = () => {}): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(chunk as Buffer);
		onChunk(chunk as Buffer);
	}
	return Buffer.concat(chunks);
};

/**
 * A small coordinator in this process for clients' unit tests: it keeps files in memory, speaks the parts of the
 * contract that the command line uses, and lets a test put its own answer in the place of any.
 */
export class StandInServer implements AsyncDisposable {
	readonly files = new Map<string, StoredFile>();
	readonly folders = new Set<string>();
	readonly uploads = new Map<string, StandInUpload>();
	readonly tokens = new Set<string>(['mrt_given']);
	readonly tasks = new Map<string, Record<string, unknown>>();
	/** `GET /path` of every request. */
	readonly requests: string[] = [];
	/** Answers in the place of ours, by `METHOD /path`; removed by the test when no longer wanted. */
	readonly instead = new Map<string, Handler>();
	submitted: Record<string, unknown>[] = [];
	readonly made: Record<string, unknown>[] = [];
	taskTypes: Record<string, unknown>[] = [];
	readonly #server: Server;

	private constructor() {
		this.#server = createServer((request, response) => {
			this.#answer(request, response).catch((error) => {
				if (!response.headersSent) response.writeHead(500).end(String(error));
				else response.destroy();
			});
		});
	}

	static async start(): Promise<StandInServer> {
		const server = new StandInServer();
		server.#server.listen(0, '127.0.0.1');
		await once(server.#server, 'listening');
		return server;
	}

	/** For what else is to listen on this port, such as socket.io. */
	get http(): Server {
		return this.#server;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	put(path: string, content: Buffer | string): StoredFile {
		const earlier = this.files.get(path);
		const file = {
			id: earlier?.id ?? standInId('fil'),
			path,
			version: (earlier?.version ?? 0) + 1,
			content: Buffer.from(content),
		};
		this.files.set(path, file);
		for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
			this.folders.add(path.slice(0, at));
		return file;
	}

	json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
		response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
	}

	refuse(response: ServerResponse, status: number, code: string, detail = code): void {
		response.writeHead(status, { 'content-type': 'application/problem+json' });
		response.end(JSON.stringify({ status, code, title: detail, detail }));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, 'close');
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '/', this.url);
		const what = `${request.method} ${url.pathname}`;
		this.requests.push(what);
		const instead = this.instead.get(what);
		if (instead) return instead(request, response, url);
		if (url.pathname === '/readyz') return this.json(response, 200, { status: 'ready', version: '9.9.9' });
		if (what === 'POST /api/v1/session') return this.#signIn(request, response);
		const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
		const cookie = request.headers.cookie === 'session=abc';
		if (!cookie && (token === undefined || !this.tokens.has(token)))
			return this.refuse(response, 401, 'unauthenticated');
		const [, , , noun = '', ...rest] = url.pathname.split('/');
		const routes: Record<string, () => Promise<void> | void> = {
			me: () => (rest.length > 0 ? this.refuse(response, 404, 'not-found') : this.json(response, 200, this.#me(token))),
			tokens: () => this.#token(request, response),
			session: () => void response.writeHead(204).end(),
			content: () => this.#content(request, response, `/${rest.map(decodeURIComponent).join('/')}`),
			files: () => this.#file(request, response, url, rest),
			folders: () => this.#folder(request, response),
			uploads: () => this.#upload(request, response, rest[0]),
			tasks: () => this.#task(request, response, rest),
			'tasks:batch': () => this.#submit(request, response, true),
			'task-types': () => this.json(response, 200, { items: this.taskTypes }),
		};
		await (routes[noun] ?? (() => this.refuse(response, 404, 'not-found')))();
	}

	#me(token: string | undefined) {
		const storage = {
			usedBytes: 1536,
			files: this.files.size,
			quotaBytes: null,
			quotaFiles: null,
			nearlyFull: false,
		};
		const via = token === undefined ? 'session' : 'token';
		return { id: standInId('usr'), username: 'ada', role: 'user', via, scopes: null, storage, future: 'field' };
	}

	async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { username, password } = JSON.parse((await bodyOf(request)).toString());
		if (username !== 'ada' || password !== 'right')
			return this.refuse(response, 401, 'bad-credentials', 'Wrong name or password.');
		this.json(response, 200, this.#me(undefined), { 'set-cookie': 'session=abc; HttpOnly' });
	}

	async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (request.method === 'DELETE') return void response.writeHead(204).end();
		this.made.push(JSON.parse((await bodyOf(request)).toString()));
		const token = `mrt_${randomUUID()}`;
		this.tokens.add(token);
		this.json(response, 201, { id: standInId('tok'), token });
	}

	#view({ id, path, content, version }: StoredFile) {
		const name = path.slice(path.lastIndexOf('/') + 1);
		const times = { createdAt: AT, modifiedAt: AT, trashedAt: null };
		const sha256 = sha256Of(content);
		return { id, path, name, size: content.length, sha256, version, ...times, facts: {}, thumbnail: null, tasks: [] };
	}

	#uploaded(file: StoredFile) {
		const { id, path, size, sha256, version } = this.#view(file);
		const tasks = [{ id: standInId('tsk'), type: 'md5', state: 'queued' }];
		return { file: { id, path, size, sha256, version }, tasks };
	}

	async #content(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
		if (request.method === 'PUT') {
			const content = await bodyOf(request);
			const digest = `sha-256=:${createHash('sha256').update(content).digest('base64')}:`;
			if (request.headers['content-digest'] !== digest) return this.refuse(response, 400, 'checksum-mismatch');
			if (request.headers['if-none-match'] === '*' && this.files.has(path))
				return this.refuse(response, 412, 'precondition-failed');
			return this.json(response, 201, this.#uploaded(this.put(path, content)));
		}
		const content = this.files.get(path)?.content;
		if (content === undefined) return this.refuse(response, 404, 'not-found');
		this.#send(request, response, content);
	}

	#send(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
		const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
		const headers: Record<string, string | number> = {
			etag: `"${sha256Of(content)}"`,
			'content-length': content.length - from,
		};
		if (from > 0) headers['content-range'] = `bytes ${from}-${content.length - 1}/${content.length}`;
		response.writeHead(from > 0 ? 206 : 200, headers);
		response.end(request.method === 'HEAD' ? undefined : content.subarray(from));
	}

	/** Pages of two, so that every list is read over several of them. */
	async #list(response: ServerResponse, url: URL): Promise<void> {
		const folder = url.searchParams.get('folder') ?? '/';
		if (this.files.has(folder)) return this.refuse(response, 409, 'not-a-folder');
		if (folder !== '/' && !this.folders.has(folder)) return this.refuse(response, 404, 'not-found');
		const inside = (path: string) => (path.slice(0, path.lastIndexOf('/')) || '/') === folder;
		const folders = [...this.folders].filter(inside).sort();
		const named = (path: string) => path.slice(path.lastIndexOf('/') + 1);
		const items = [
			...folders.map((path) => ({ kind: 'folder', id: standInId('fol'), path, name: named(path), createdAt: AT })),
			...[...this.files.values()]
				.filter(({ path }) => inside(path))
				.map((file) => ({ kind: 'file', ...this.#view(file) })),
		];
		const from = Number(url.searchParams.get('cursor') ?? 0);
		const nextCursor = from + 2 < items.length ? String(from + 2) : null;
		this.json(response, 200, { items: items.slice(from, from + 2), nextCursor });
	}

	async #file(request: IncomingMessage, response: ServerResponse, url: URL, [id, what]: string[]): Promise<void> {
		if (id === undefined) return this.#list(response, url);
		const file = [...this.files.values()].find((one) => one.id === id);
		if (file === undefined) return this.refuse(response, 404, 'not-found');
		if (what === 'content') return this.#send(request, response, file.content);
		if (request.method === 'DELETE') {
			this.files.delete(file.path);
			return void response.writeHead(204).end();
		}
		this.json(response, 200, { ...this.#view(file), versions: [], versionsCursor: null, settlesAt: null });
	}

	async #folder(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { path } = JSON.parse((await bodyOf(request)).toString());
		this.folders.add(path);
		this.json(response, 201, { id: standInId('fol'), path, name: path.split('/').at(-1), createdAt: AT });
	}

	async #upload(request: IncomingMessage, response: ServerResponse, id: string | undefined): Promise<void> {
		const tus = { 'tus-resumable': '1.0.0' };
		if (request.method === 'POST') {
			const pairs = String(request.headers['upload-metadata'])
				.split(',')
				.map((pair) => pair.split(' '));
			const metadata = Object.fromEntries(
				pairs.map(([name, value]) => [name, Buffer.from(value ?? '', 'base64').toString()]),
			);
			const made = randomUUID();
			const length = Number(request.headers['upload-length']);
			const room = Buffer.alloc(length + 1);
			this.uploads.set(made, { metadata, length, room, content: room.subarray(0, 0), writer: null });
			return void response.writeHead(201, { ...tus, location: `/api/v1/uploads/${made}` }).end();
		}
		const upload = this.uploads.get(id ?? '');
		if (upload === undefined) return this.refuse(response, 404, 'not-found');
		upload.writer = request;
		if (request.method === 'PATCH') {
			if (Number(request.headers['upload-offset']) !== upload.content.length)
				return this.refuse(response, 409, 'conflict');
			// What arrived before a cut is kept, as tus wants it.
			await bodyOf(request, (chunk) => {
				if (upload.writer !== request) return;
				const before = upload.content.length;
				upload.content = upload.room.subarray(0, before + chunk.copy(upload.room, before));
			});
		}
		const headers = { ...tus, 'upload-offset': String(upload.content.length), 'upload-length': String(upload.length) };
		if (upload.content.length < upload.length || request.method === 'HEAD') {
			return void response.writeHead(request.method === 'HEAD' ? 200 : 204, headers).end();
		}
		if (upload.metadata.sha256 !== sha256Of(upload.content)) return this.refuse(response, 400, 'checksum-mismatch');
		const answer = this.#uploaded(this.put(upload.metadata.path ?? '', upload.content));
		const encoded = Buffer.from(JSON.stringify(answer)).toString('base64url');
		response.writeHead(204, { ...headers, 'millrace-upload-answer': encoded }).end();
	}

	async #submit(request: IncomingMessage, response: ServerResponse, batch: boolean): Promise<void> {
		const body = JSON.parse((await bodyOf(request)).toString());
		const tasks = batch ? body.tasks : [body];
		this.submitted.push(...tasks);
		const ids = tasks.map(() => standInId('tsk'));
		this.json(response, 202, batch ? { ids } : { id: ids[0] });
	}

	async #task(request: IncomingMessage, response: ServerResponse, [id, what]: string[]): Promise<void> {
		if (id === undefined) {
			if (request.method === 'POST') return this.#submit(request, response, false);
			return this.json(response, 200, { items: [...this.tasks.values()], nextCursor: null });
		}
		const task = this.tasks.get(id);
		if (task === undefined) return this.refuse(response, 404, 'not-found');
		if (what === 'outputs') return this.#send(request, response, Buffer.from('output'));
		this.json(response, 200, task);
	}
}
