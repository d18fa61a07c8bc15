import { Readable } from 'node:stream';
import { CodedError } from '../../shared/coded-error.ts';
import { formatPath } from '../files/safe-path.ts';
import type { UploadRequest, Uploads } from '../jobs/uploads.ts';
import { readOnly } from './changes.ts';
import type { DriveLock, Locks, WantedLock } from './locks.ts';
import { type Asker, type Place, requireOwn } from './place.ts';
import type { DriveResource } from './resource.ts';

export type WantedContent = Pick<UploadRequest, 'source' | 'declaredBytes' | 'sha256' | 'condition'> & {
	/** Of the locks that the client has shown. */
	tokens: string[];
};

export type WantedDriveLock = Omit<WantedLock, 'ownerSeq' | 'names'> & { tokens: string[] };

export interface TakenLock {
	lock: DriveLock;
	kind: DriveResource['kind'];
	/** There was nothing before. */
	created: boolean;
}

/** Content on its way in through the drive, and locks, which make an empty file where there is nothing. */
export class Writes {
	readonly #find: (asker: Asker, place: Place) => Promise<DriveResource | null>;
	readonly #uploads: Pick<Uploads, 'receive'>;
	readonly #locks: Locks;

	constructor(options: {
		find: (asker: Asker, place: Place) => Promise<DriveResource | null>;
		uploads: Pick<Uploads, 'receive'>;
		locks: Locks;
	}) {
		this.#find = options.find;
		this.#uploads = options.uploads;
		this.#locks = options.locks;
	}

	/** It is processed once it has settled. Throws `is-a-folder`, `conflict`, `forbidden`, `locked`, and what an upload throws. */
	async write(actor: Asker, place: Place, { tokens, ...content }: WantedContent) {
		const { names } = requireOwn(place);
		const found = await this.#find(actor, place);
		if (found?.kind === 'folder') throw new CodedError('is-a-folder');
		if (found?.isReadOnly) throw readOnly();
		return this.#uploads.receive({ ...content, actor, path: formatPath(names), drive: { tokens } });
	}

	/** Throws `conflict`, `forbidden`, `locked`, `lock-limit`. */
	async lock(asker: Asker, place: Place, { tokens, ...wanted }: WantedDriveLock): Promise<TakenLock> {
		const { names } = requireOwn(place);
		const found = await this.#find(asker, place);
		if (found?.isReadOnly) throw readOnly();
		const lock = await this.#locks.take({ ...wanted, ownerSeq: asker.userSeq, names });
		if (found) return { lock, kind: found.kind, created: false };
		try {
			const created = await this.#makeEmpty(asker, names, [...tokens, lock.token]);
			return { lock, kind: 'file', created };
		} catch (error) {
			await this.#locks.release(asker.userSeq, names, lock.token);
			throw error;
		}
	}

	/** False: somebody else has made something of it meanwhile. */
	async #makeEmpty(actor: Asker, names: readonly string[], tokens: string[]): Promise<boolean> {
		const content = {
			source: Readable.from([]),
			declaredBytes: 0,
			condition: { ifMatch: null, ifNoneMatch: '*' },
		} as const;
		try {
			await this.#uploads.receive({ ...content, actor, path: formatPath(names), drive: { tokens } });
			return true;
		} catch (error) {
			if (error instanceof CodedError && error.code === 'precondition-failed') return false;
			throw error;
		}
	}
}
