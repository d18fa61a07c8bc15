import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@tus/server';
import { NodeRequest } from 'srvx/node';
import { UPLOAD_ANSWER_HEADER } from '../../../shared/client/tus-answer.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Actor } from '../../accounts/actor.ts';
import { requirePermission } from '../../accounts/permissions.ts';
import type { Files } from '../../files/files.ts';
import { type FinishedUpload, FinishedUploads } from './finished-uploads.ts';
import { Finisher, type UploadSpine } from './finisher.ts';
import { readMetadata } from './read-metadata.ts';
import { codedOf } from './tus-errors.ts';
import { UnfinishedUploads } from './unfinished-uploads.ts';
import { UploadLocks } from './upload-locks.ts';

export const TUS_PREFIX = '/api/v1/uploads';
const TUS_VERSION = '1.0.0';
const DAY_MS = 86_400_000;
/** A request that is asked to let an upload go has so long to write what it has. */
const LOCK_DRAIN_MS = 200;

type WebRequest = InstanceType<typeof NodeRequest>;

export interface TusDoorOptions {
	/** Where uploads arrive, on the same disk as the blobs. */
	folder: string;
	files: Files;
	uploads: UploadSpine;
	maxFileBytes: number;
	/** How long an upload may take, and its answer is kept; a day unless told. */
	expiryMs?: number;
	/** How many uploads one person may have begun, and how many answers are kept for one; a thousand each unless told. */
	mostBegun?: number;
	mostAnswers?: number;
}

/**
 * tus 1.0 (creation, creation-with-upload, termination, expiration). The id of an upload begins with its owner's, so it
 * is nobody else's. Refusals are thrown as coded errors for the frame to answer. There is no checksum extension:
 * metadata declares the SHA-256 of the whole, which is checked at the end.
 */
export class TusDoor {
	readonly #files: Files;
	readonly #unfinished: UnfinishedUploads;
	readonly #finished: FinishedUploads;
	readonly #finisher: Finisher;
	readonly #locks = new UploadLocks((id) => this.#unfinished.letGo(id));
	readonly #expiryMs: number;
	readonly #server: Server;
	readonly #asking = new WeakMap<object, { actor: Actor; response: ServerResponse }>();
	/** Requests that send bytes of an upload now. */
	readonly #senders = new Map<string, number>();
	/** Numbers of the people who have uploaded here; never more than there are people. */
	readonly #numbers = new Map<string, number>();
	readonly #refusals = new WeakMap<object, unknown>();

	private constructor(options: TusDoorOptions) {
		const { folder, files, uploads, maxFileBytes, expiryMs = DAY_MS, mostBegun, mostAnswers } = options;
		this.#files = files;
		this.#expiryMs = expiryMs;
		const { space } = files.blobs;
		this.#finished = new FinishedUploads({ folder, keptMs: expiryMs, mostKept: mostAnswers });
		const paceOf = (userId: string) => files.bandwidth.paceOf(this.#numbers.get(userId) ?? 0, 'upload');
		this.#unfinished = new UnfinishedUploads({ folder, expiryMs, space, finished: this.#finished, mostBegun, paceOf });
		this.#finisher = new Finisher({ uploads, unfinished: this.#unfinished, finished: this.#finished });
		this.#server = new Server({
			path: TUS_PREFIX,
			datastore: this.#unfinished,
			locker: this.#locks,
			lockDrainTimeout: LOCK_DRAIN_MS,
			maxSize: maxFileBytes,
			relativeLocation: true,
			allowedOrigins: [],
			namingFunction: (request) => {
				const id = `${this.#askerOf(request).actor.userId}-${randomBytes(16).toString('hex')}`;
				this.#watch(id, this.#askerOf(request).response);
				return id;
			},
			getFileIdFromRequest: (request) => idOf(new URL(request.url).pathname) ?? undefined,
			onUploadCreate: async (request, { id, metadata, size }) => {
				await this.#checkNew(id, this.#askerOf(request).actor, metadata, size ?? 0);
				return {};
			},
			onUploadFinish: async (request, { id }) => ({
				headers: answerHeader(await this.#finisher.finish(id, this.#askerOf(request).actor)),
			}),
			onResponseError: (request, error) => {
				this.#refusals.set(request, error);
				return undefined;
			},
		});
	}

	static async open(options: TusDoorOptions): Promise<TusDoor> {
		await mkdir(options.folder, { recursive: true, mode: 0o700 });
		const door = new TusDoor(options);
		const names = await readdir(options.folder);
		door.#finished.recall(names);
		await door.#unfinished.recall(names);
		return door;
	}

	/** Answers a request below the prefix, or throws why not. */
	async handle(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<void> {
		requirePermission(actor, 'write', { kind: 'file', ownerSeq: actor.userSeq });
		this.#numbers.set(actor.userId, actor.userSeq);
		const { method } = request;
		response.setHeader('Tus-Resumable', TUS_VERSION);
		response.setHeader('Cache-Control', 'no-store');
		if (method !== 'OPTIONS') {
			if (request.headers['tus-resumable'] !== TUS_VERSION) {
				response.setHeader('Tus-Version', TUS_VERSION);
				throw new CodedError('precondition-failed', `This speaks tus ${TUS_VERSION}: send Tus-Resumable.`);
			}
			const path = (request.url ?? '').split('?', 1)[0] ?? '';
			const isCollection = path === TUS_PREFIX || path === `${TUS_PREFIX}/`;
			if (isCollection !== (method === 'POST') || !['POST', 'HEAD', 'PATCH', 'DELETE'].includes(method ?? '')) {
				throw new CodedError('method-not-allowed');
			}
			if (!isCollection) {
				const id = idOf(path);
				if (id === null || !id.startsWith(`${actor.userId}-`)) throw new CodedError('not-found');
				if (method === 'DELETE') return this.#end(id, request, response);
				if (method === 'PATCH') this.#watch(id, response);
				const finished = await this.#finisher.answerOf(id, actor);
				if (finished) return this.#answerFinished(finished, request, response);
			}
		}
		await this.#answerByLibrary(request, response, actor);
	}

	/** Removes what has expired; gives how many. */
	async expire(now = Date.now()): Promise<number> {
		const before = now - this.#expiryMs;
		return (await this.#unfinished.removeBegunBefore(before)) + (await this.#finished.removeFinishedBefore(before));
	}

	/** A sender that is cut off need not wait for its pace any more, unless somebody else goes on with the upload by then. */
	#watch(id: string, response: ServerResponse): void {
		this.#senders.set(id, (this.#senders.get(id) ?? 0) + 1);
		response.once('close', () => {
			const others = (this.#senders.get(id) ?? 1) - 1;
			if (others > 0) this.#senders.set(id, others);
			else this.#senders.delete(id);
			if (others === 0 && !response.writableFinished) this.#unfinished.letGo(id);
		});
	}

	/** Before any byte flows: is the path usable, the condition true by now, room for it? */
	async #checkNew(
		id: string,
		{ userSeq }: Actor,
		metadata: Record<string, string | null> | undefined,
		bytes: number,
	): Promise<void> {
		const { names, condition } = readMetadata(metadata);
		const upload = { names, condition, bytes };
		await this.#unfinished.reserve(id, bytes, (beside) => this.#files.checkBegin(userSeq, upload, beside));
	}

	/** Not by the library, which removes the bytes from under an upload that is just being finished. */
	async #end(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
		const lock = this.#locks.newLock(id);
		await lock.lock(new AbortController().signal, () => {});
		try {
			await this.#finisher.end(id);
		} finally {
			await lock.unlock();
		}
		request.resume();
		response.writeHead(204).end();
	}

	/** A finished upload is only an answer any more. */
	#answerFinished(finished: FinishedUpload, request: IncomingMessage, response: ServerResponse): void {
		const { method, headers } = request;
		if (method === 'PATCH' && headers['upload-offset'] !== String(finished.size)) {
			throw new CodedError('conflict', 'The upload is finished; there is nothing to go on with.');
		}
		response.setHeader('Upload-Offset', finished.size);
		response.setHeader('Upload-Length', finished.size);
		for (const [name, value] of Object.entries(answerHeader(finished))) response.setHeader(name, value);
		request.resume();
		response.writeHead(method === 'HEAD' ? 200 : 204).end();
	}

	async #answerByLibrary(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<void> {
		const web = new NodeRequest({ req: request, res: response });
		this.#asking.set(web, { actor, response });
		const answer = await this.#server.handleWeb(web);
		const refusal = this.#refusals.get(web);
		if (refusal !== undefined || answer.status >= 400) throw codedOf(refusal, answer.status, await answer.text());
		for (const [name, value] of answer.headers) {
			// Pages of other sites have no business here.
			if (!name.startsWith('access-control-')) response.setHeader(name, value);
		}
		response.writeHead(answer.status).end();
	}

	#askerOf(request: WebRequest | object): { actor: Actor; response: ServerResponse } {
		const asker = this.#asking.get(request);
		if (!asker) throw new Error('a tus request came past the door');
		return asker;
	}
}

/** The id in a path below the prefix; null unless it is of the kind that this door makes. */
const idOf = (path: string): string | null =>
	/^\/([a-z0-9_]+-[0-9a-f]{32})$/.exec(path.slice(TUS_PREFIX.length))?.[1] ?? null;

const answerHeader = ({ answer }: FinishedUpload): Record<string, string> => ({
	[UPLOAD_ANSWER_HEADER]: Buffer.from(JSON.stringify(answer)).toString('base64url'),
});
