import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { uploadAnswerSchema } from '../../../shared/protocol/file.ts';
import { syncFolder } from '../../files/sync-folder.ts';
import { IdsByOwner } from './ids-by-owner.ts';

const ENDING = '.done';
/** Answers kept for one person: a client whose answer was lost asks again soon. */
const MOST_KEPT = 1_000;

const finishedSchema = z.object({ size: z.number(), answer: uploadAnswerSchema });
export type FinishedUpload = z.infer<typeof finishedSchema>;

/** What finished uploads were answered, kept so long that a client whose answer was lost can ask again. */
export class FinishedUploads {
	readonly #folder: string;
	readonly #keptMs: number;
	readonly #mostKept: number;
	readonly #kept = new IdsByOwner();

	constructor(options: { folder: string; keptMs: number; mostKept?: number | undefined }) {
		this.#folder = options.folder;
		this.#keptMs = options.keptMs;
		this.#mostKept = options.mostKept ?? MOST_KEPT;
	}

	/** Takes in what the process before has left; `names` are the folder's files. */
	recall(names: readonly string[]): void {
		for (const name of names) if (name.endsWith(ENDING)) this.#kept.add(name.slice(0, -ENDING.length));
	}

	async find(id: string): Promise<FinishedUpload | null> {
		const path = this.#pathOf(id);
		const file = await stat(path).catch(() => null);
		if (!file || file.mtimeMs < Date.now() - this.#keptMs) return null;
		const text = await readFile(path, 'utf8').catch(() => null);
		if (text === null) return null;
		try {
			return finishedSchema.parse(JSON.parse(text));
		} catch {
			// A damaged one answers nobody any more; the file itself has long been in its place.
			await this.forget(id);
			return null;
		}
	}

	/** Survives power loss when it resolves. The owner's oldest ones go when there are too many. */
	async remember(id: string, finished: FinishedUpload): Promise<void> {
		const path = this.#pathOf(id);
		const file = await open(`${path}.new`, 'w', 0o600);
		try {
			await file.writeFile(JSON.stringify(finished));
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(`${path}.new`, path);
		await syncFolder(this.#folder);
		this.#kept.add(id);
		for (const old of this.#kept.beyond(id, this.#mostKept)) await this.forget(old);
	}

	async forget(id: string): Promise<void> {
		this.#kept.delete(id);
		await rm(this.#pathOf(id), { force: true });
	}

	/** Removes answers from before the instant; gives how many. */
	async removeFinishedBefore(before: number): Promise<number> {
		let removed = 0;
		for (const name of await readdir(this.#folder)) {
			if (!name.endsWith(ENDING) && !name.endsWith(`${ENDING}.new`)) continue;
			const file = await stat(join(this.#folder, name)).catch(() => null);
			if (!file || file.mtimeMs >= before) continue;
			this.#kept.delete(name.slice(0, name.indexOf('.')));
			await rm(join(this.#folder, name), { force: true });
			removed += 1;
		}
		return removed;
	}

	#pathOf(id: string): string {
		return join(this.#folder, id + ENDING);
	}
}
