import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageView } from '../../shared/protocol/about.ts';
import type { Ledger } from '../database/ledger.ts';
import { readStorageFacts } from './storage-store.ts';

type Part = StorageView['parts'][number];

/** Of a folder so many files are looked at: what is being written now, not what is kept. */
const MOST_FILES = 10_000;

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0;

const filePart = async (name: Part['name'], path: string): Promise<Part> => {
	const found = await stat(path).catch(() => null);
	return { name, bytes: found?.size ?? 0, count: found === null ? 0 : 1, more: false };
};

/** Files come and go while they are counted. */
const folderPart = async (name: Part['name'], folder: string): Promise<Part> => {
	const names = await readdir(folder).catch(() => [] as string[]);
	const counted = names.slice(0, MOST_FILES);
	let bytes = 0;
	for (const each of counted) bytes += await sizeOf(join(folder, each));
	return { name, bytes, count: counted.length, more: names.length > counted.length };
};

/** What of the data folder takes how much. */
export const storageReport = async (from: {
	data: string;
	ledger: Pick<Ledger, 'read'>;
	disk: () => Promise<NonNullable<StorageView['disk']>>;
}): Promise<StorageView> => {
	const { data, ledger, disk } = from;
	const { contents, ...facts } = await ledger.read(readStorageFacts, null);
	const parts = [
		{ name: 'contents' as const, ...contents, more: false },
		await filePart('ledger', join(data, 'ledger.db')),
		await filePart('ledger-log', join(data, 'ledger.db-wal')),
		await filePart('history', join(data, 'history.db')),
		await folderPart('staging', join(data, 'staging')),
		await folderPart('uploads', join(data, 'uploads')),
	];
	return { disk: await disk().catch(() => null), parts, ...facts };
};
