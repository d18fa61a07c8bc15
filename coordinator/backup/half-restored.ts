import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileTrouble } from '../database/file-trouble.ts';

/** In a data folder while it is being restored, and after a restore that was cut. */
export const restoreMarker = (data: string): string => join(data, 'restore.json');

/** Which backup was being restored into the folder when that was cut; null: none. */
export const halfRestored = (data: string): string | null => {
	try {
		const { backup } = JSON.parse(readFileSync(restoreMarker(data), 'utf8')) as { backup?: unknown };
		return typeof backup === 'string' ? backup : '';
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
		// Its own first bytes were cut: nothing else was done yet.
		return '';
	}
};

/** A fresh ledger in such a folder would take all content in it for nobody's, and sweep it. */
export const refuseHalfRestored = (data: string): void => {
	if (halfRestored(data) === null) return;
	throw new FileTrouble(
		`${data} was being restored from a backup, and that was cut: run the same coordinator restore again, and it goes on.`,
	);
};
