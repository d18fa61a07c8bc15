import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { TUS_PREFIX, TusDoor, type TusDoorOptions } from '../../coordinator/doors/tus/tus-door.ts';
import { parsePath } from '../../coordinator/files/safe-path.ts';
import { readUploadAnswer } from '../../shared/client/tus-answer.ts';
import { CodedError } from '../../shared/coded-error.ts';
import { testActor } from './bare-routes.ts';
import { addVersion, FileRoom } from './file-room.ts';

export const TUS_MAX_BYTES = 50_000_000;

type Headers = Record<string, string>;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const metadata = (said: Record<string, string>): string =>
	Object.entries(said)
		.map(([name, value]) => `${name} ${base64(value)}`)
		.join(',');

/** The tus door with a real files room behind it and a server of its own before it; `x-user` says who asks. */
export class TusStage implements AsyncDisposable {
	readonly room: FileRoom;
	readonly server: Server;
	door!: TusDoor;
	/** Uploads that were committed. */
	received = 0;
	/** What stands between a complete upload and the ledger. */
	beforeCommit: () => Promise<void> = async () => {};

	private constructor(room: FileRoom) {
		this.room = room;
		// What the HTTP frame does for a mount: who asks, and refusals as problem documents.
		this.server = createServer((asked, response) => {
			const user = asked.headers['x-user'] ?? 1;
			const actor = testActor(Number(user), { userId: `usr_${user}` });
			this.door.handle(asked, response, actor).catch((error: unknown) => {
				const coded = error instanceof CodedError ? error : new CodedError('internal', String(error));
				if (response.headersSent) return response.destroy();
				response.writeHead(coded.status, { 'content-type': 'application/problem+json', connection: 'close' });
				response.end(JSON.stringify({ status: coded.status, code: coded.code, detail: coded.message }));
			});
		});
	}

	static async open(): Promise<TusStage> {
		const stage = new TusStage(await FileRoom.open());
		await stage.openDoor();
		await new Promise<void>((resolve) => stage.server.listen(0, '127.0.0.1', resolve));
		return stage;
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Opens the door anew, as after a restart. */
	async openDoor(bounds: Pick<TusDoorOptions, 'mostBegun' | 'mostAnswers'> = {}): Promise<void> {
		this.door = await TusDoor.open({
			...bounds,
			folder: this.room.folder.join('uploads'),
			files: this.room.files,
			maxFileBytes: TUS_MAX_BYTES,
			uploads: { receive: (upload) => this.#receive(upload) },
		});
	}

	async call(method: string, path: string, headers: Headers = {}, body: Buffer | string | null = null) {
		const answer = await request(this.url + path, {
			method: method as 'GET',
			headers: { 'tus-resumable': '1.0.0', ...headers },
			body,
		});
		const text = await answer.body.text();
		return {
			status: answer.statusCode,
			headers: answer.headers as Headers,
			code: text === '' ? null : ((JSON.parse(text) as { code: string }).code ?? null),
			answer: readUploadAnswer(answer.headers['millrace-upload-answer'] as string | undefined),
		};
	}

	create(length: number, said: Record<string, string>, headers: Headers = {}) {
		const own = { 'upload-length': String(length), 'upload-metadata': metadata(said) };
		return this.call('POST', TUS_PREFIX, { ...own, ...headers });
	}

	/** Begins an upload; answers where it is. */
	async begin(length: number, said: Record<string, string>): Promise<string> {
		const { status, headers } = await this.create(length, said);
		if (status !== 201) throw new Error(`the upload was not begun: ${status}`);
		return headers.location!;
	}

	patch(path: string, offset: number, body: Buffer | string, headers: Headers = {}) {
		const own = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
		return this.call('PATCH', path, { ...own, ...headers }, body);
	}

	/** Names of what lies in the folder of uploads. */
	left(): Promise<string[]> {
		return readdir(this.room.folder.join('uploads'));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
		await this.room[Symbol.asyncDispose]();
	}

	async #receive(upload: Parameters<TusDoorOptions['uploads']['receive']>[0]) {
		const { actor, path, source, declaredBytes, sha256, condition } = upload;
		const { blobs, files, ledger } = this.room;
		const staged = await blobs.stage(source, { maxBytes: TUS_MAX_BYTES, declaredBytes, sha256 });
		const added = await files.commit(staged, async () => {
			await this.beforeCommit();
			this.received += 1;
			return ledger.write(addVersion, {
				ownerSeq: actor.userSeq,
				names: parsePath(path),
				sha256: staged.sha256,
				size: staged.size,
				now: Date.now(),
				condition,
			});
		});
		const { fileId: id, version, created } = added;
		return { created, file: { id, path, size: staged.size, sha256: staged.sha256, version }, tasks: [] };
	}
}
