import { join } from 'node:path';

/**
 * A folder of backups: content that is shared by all of them, and a folder for each.
 *
 *     millrace-backups.json            whose backups these are
 *     checked.json                     when all content in it was last read
 *     blobs/ab/<sha256>                content
 *     backups/<name>/ledger.db         the ledger at one moment
 *     backups/<name>/contents.sha256   which content belongs to it
 *     backups/<name>/manifest.json     says that it is whole
 *     incoming/                        what is not finished; a cut backup stays here and counts for nothing
 */
export const layoutOf = (folder: string) => ({
	marker: join(folder, 'millrace-backups.json'),
	checked: join(folder, 'checked.json'),
	lock: join(folder, 'backups.lock'),
	blobs: join(folder, 'blobs'),
	backups: join(folder, 'backups'),
	incoming: join(folder, 'incoming'),
});

export const filesOf = (backup: string) => ({
	ledger: join(backup, 'ledger.db'),
	contents: join(backup, 'contents.sha256'),
	manifest: join(backup, 'manifest.json'),
	key: join(backup, 'secret.key'),
});
