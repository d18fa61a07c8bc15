import { type BackupCheck, type BackupsView, backupCheckSchema, backupsViewSchema } from '../protocol/backup.ts';
import { type ChoreView, choreViewSchema } from '../protocol/chore.ts';
import { damagedContentSchema } from '../protocol/damaged-content.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

type Options = Pick<CallOptions, 'signal'>;

export const listChores = async (http: HttpClient, options: Options = {}): Promise<ChoreView[]> =>
	(await http.json('GET', '/api/v1/admin/chores', listOf(choreViewSchema), options)).items;

/** Begins it, unless it is under way. */
export const runChore = (http: HttpClient, name: string): Promise<ChoreView> =>
	http.json('POST', `/api/v1/admin/chores/${encodeURIComponent(name)}:run`, choreViewSchema);

export const readBackups = (http: HttpClient, options: Options = {}): Promise<BackupsView> =>
	http.json('GET', '/api/v1/admin/backups', backupsViewSchema, options);

/** Begins a backup; the chore tells how it goes. */
export const beginBackup = (http: HttpClient): Promise<ChoreView> =>
	http.json('POST', '/api/v1/admin/backups', choreViewSchema);

/** Begins to read a backup through; the list tells what is found. */
export const checkBackup = (http: HttpClient, name: string): Promise<BackupCheck> =>
	http.json('POST', `/api/v1/admin/backups/${encodeURIComponent(name)}:check`, backupCheckSchema);

/** Content that was found damaged, and whose it is. */
export const readDamaged = (http: HttpClient, options: Options = {}) =>
	http.json('GET', '/api/v1/admin/damaged-content', damagedContentSchema, options);
