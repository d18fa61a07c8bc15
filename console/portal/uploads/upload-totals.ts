import { isActive, isMoving, isOver, isUnsent, type UploadItem } from './upload-item.ts';

/** Numbers of the tray's head: sending and processing apart. */
export interface UploadTotals {
	files: number;
	bytes: number;
	sentBytes: number;
	unsent: number;
	moving: number;
	paused: number;
	failed: number;
	conflicts: number;
	needFile: number;
	processing: number;
	over: number;
}

export const totalsOf = (items: readonly UploadItem[]): UploadTotals => {
	const counted = items.filter(({ state }) => state !== 'skipped' && state !== 'needs-file');
	const count = (test: (item: UploadItem) => boolean) => items.filter(test).length;
	return {
		files: counted.length,
		bytes: counted.reduce((sum, { size }) => sum + size, 0),
		sentBytes: counted.reduce((sum, { sent }) => sum + sent, 0),
		unsent: count(isUnsent),
		moving: count(isMoving),
		paused: count(({ state }) => state === 'paused'),
		failed: count(({ state }) => state === 'failed'),
		conflicts: count(({ state }) => state === 'conflict'),
		needFile: count(({ state }) => state === 'needs-file'),
		processing: count(({ state }) => state === 'processing'),
		over: count(isOver),
	};
};

/** Which uploads to begin now, so that so many are under way at once. */
export const toStart = (items: readonly UploadItem[], atOnce: number): UploadItem[] => {
	const free = atOnce - items.filter(isActive).length;
	return free <= 0 ? [] : items.filter(({ state }) => state === 'queued').slice(0, free);
};
