import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { uploadAnswerSchema } from '../../../shared/protocol/file.ts';
import { syncFolder } from '../../files/sync-folder.ts';

const ENDING = '.done';

const finishedSchema = z.object({ size: z.number(), answer: uploadAnswerSchema });
export type FinishedUpload = z.infer<typeof finishedSchema>;

/** What finished uploads were answered, kept so long that a client whose answer was lost can ask again. */
export class FinishedUploads {
	readonly #folder: string;
	readonly #keptMs: number;

	constructor(folder: string, keptMs: number) {
		this.#folder = folder;
		this.#keptMs = keptMs;
	}

	async find(id: string): Promise<FinishedUpload | null> {
		const path = this.#pathOf(id);
		const file = await stat(path).catch(() => null);
		if (!file || file.mtimeMs < Date.now() - this.#keptMs) return null;
		const text = await readFile(path, 'utf8').catch(() => null);
		return text === null ? null : finishedSchema.parse(JSON.parse(text));
	}

	/** Survives power loss when it resolves. */
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
	}

	async forget(id: string): Promise<void> {
		await rm(this.#pathOf(id), { force: true });
	}

	/** Removes answers from before the instant; gives how many. */
	async removeFinishedBefore(before: number): Promise<number> {
		let removed = 0;
		for (const name of await readdir(this.#folder)) {
			if (!name.endsWith(ENDING) && !name.endsWith(`${ENDING}.new`)) continue;
			const file = await stat(join(this.#folder, name)).catch(() => null);
			if (!file || file.mtimeMs >= before) continue;
			await rm(join(this.#folder, name), { force: true });
			removed += 1;
		}
		return removed;
	}

	#pathOf(id: string): string {
		return join(this.#folder, id + ENDING);
	}
}
