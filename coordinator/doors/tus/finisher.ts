import { CodedError } from '../../../shared/coded-error.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Condition } from '../../files/condition.ts';
import type { BlobSource } from '../../files/staged-blob.ts';
import type { FinishedUpload, FinishedUploads } from './finished-uploads.ts';
import { readMetadata } from './read-metadata.ts';
import type { UnfinishedUploads } from './unfinished-uploads.ts';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The way of new content into the system: one for all doors. */
export interface UploadSpine {
	receive(upload: {
		actor: Actor;
		path: string;
		source: BlobSource;
		declaredBytes: number | null;
		sha256: string | null;
		condition: Condition;
		/** A repeat with the same key gets the first one's answer. */
		idempotencyKey: string;
	}): Promise<UploadAnswer & { created: boolean }>;
}

/**
 * Turns uploads whose bytes are all there into files, once each: whoever asks meanwhile waits for the same answer, and
 * whoever asks later gets it again.
 */
export class Finisher {
	readonly #uploads: UploadSpine;
	readonly #unfinished: UnfinishedUploads;
	readonly #finished: FinishedUploads;
	readonly #finishing = new Map<string, Promise<FinishedUpload>>();

	constructor(parts: { uploads: UploadSpine; unfinished: UnfinishedUploads; finished: FinishedUploads }) {
		this.#uploads = parts.uploads;
		this.#unfinished = parts.unfinished;
		this.#finished = parts.finished;
	}

	/** The answer of an upload that is complete, finishing it if that was not done; null while bytes are missing. */
	async answerOf(id: string, actor: Actor): Promise<FinishedUpload | null> {
		const finishing = this.#finishing.get(id);
		if (finishing) return finishing;
		const finished = await this.#finished.find(id);
		if (finished) return finished;
		const upload = await this.#unfinished.find(id);
		return upload && upload.offset === upload.size ? this.finish(id, actor) : null;
	}

	/** Refuses what is not as declared or not wished any more, and then the upload is gone. */
	finish(id: string, actor: Actor): Promise<FinishedUpload> {
		let finishing = this.#finishing.get(id);
		if (!finishing) {
			finishing = this.#finish(id, actor).finally(() => this.#finishing.delete(id));
			this.#finishing.set(id, finishing);
		}
		return finishing;
	}

	/**
	 * Ends an upload. One that is being finished is finished first, and then only its answer is forgotten: the file is
	 * there as if this had been asked for a moment later. Whoever asks meanwhile hears that it is gone.
	 */
	async end(id: string): Promise<void> {
		for (let busy = this.#finishing.get(id); busy; busy = this.#finishing.get(id)) await busy.catch(() => {});
		const removed = this.#remove(id).finally(() => this.#finishing.delete(id));
		const gone = removed.then(() => {
			throw new CodedError('not-found');
		});
		gone.catch(() => {});
		this.#finishing.set(id, gone);
		await removed;
	}

	async #remove(id: string): Promise<void> {
		await this.#unfinished.remove(id);
		await this.#finished.forget(id);
	}

	async #finish(id: string, actor: Actor): Promise<FinishedUpload> {
		const upload = await this.#unfinished.find(id);
		if (!upload) {
			const finished = await this.#finished.find(id);
			if (finished) return finished;
			throw new CodedError('not-found');
		}
		const { path, sha256, condition } = readMetadata(upload.metadata);
		try {
			const { file, tasks } = await this.#uploads.receive({
				actor,
				path,
				source: { adopt: this.#unfinished.pathOf(id) },
				declaredBytes: upload.size,
				sha256,
				condition,
				idempotencyKey: `upload:${id}`,
			});
			const finished = { size: upload.size, answer: { file, tasks } };
			await this.#finished.remember(id, finished);
			await this.#unfinished.remove(id);
			return finished;
		} catch (error) {
			// What trying again cannot mend is over; a full disk, say, leaves the bytes for another try.
			if (error instanceof CodedError && (error.code === 'checksum-mismatch' || !error.shouldRetry())) {
				await this.#unfinished.remove(id);
			}
			// It has expired under our hands.
			if (isMissing(error) && !(await this.#unfinished.find(id)))
				throw new CodedError('not-found', undefined, { cause: error });
			throw error;
		}
	}
}
