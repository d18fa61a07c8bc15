import { z } from 'zod';
import { isUnsent, newItem, type UploadItem } from './upload-item.ts';

const MOST = 5_000;
const storedSchema = z.array(
	z.object({
		path: z.string(),
		size: z.number(),
		lastModified: z.number(),
		rule: z.enum(['ask', 'replace', 'keep-both']),
	}),
);

const nameFor = (owner: string) => `millrace-unfinished:${owner}`;

/** Remembers what is not sent yet, so that a reload does not lose the list. The files themselves browsers do not give back. */
export const rememberUnfinished = (owner: string, items: readonly UploadItem[]): void => {
	const unsent = items.filter(isUnsent).slice(0, MOST);
	try {
		if (unsent.length === 0) localStorage.removeItem(nameFor(owner));
		else {
			const rows = unsent.map(({ path, size, lastModified, rule }) => ({ path, size, lastModified, rule }));
			localStorage.setItem(nameFor(owner), JSON.stringify(rows));
		}
	} catch {
		// Storage is full or forbidden: then a reload loses the list, as without us.
	}
};

/** What was not sent when the page was left; each wants its file again. */
export const recallUnfinished = (owner: string, newId: () => string): UploadItem[] => {
	try {
		const parsed = storedSchema.safeParse(JSON.parse(localStorage.getItem(nameFor(owner)) ?? '[]'));
		const rows = parsed.success ? parsed.data : [];
		return rows.map((row) => ({ ...newItem(newId(), row, 'needs-file'), rule: row.rule }));
	} catch {
		return [];
	}
};

/** The unfinished upload that this file belongs to: same name, size and time. */
export const findUnfinished = (
	items: readonly UploadItem[],
	file: { path: string; size: number; lastModified: number },
): UploadItem | undefined => {
	const name = file.path.slice(file.path.lastIndexOf('/') + 1);
	const candidates = items.filter(
		(item) => item.state === 'needs-file' && item.size === file.size && item.lastModified === file.lastModified,
	);
	return candidates.find(({ path }) => path === file.path) ?? candidates.find((item) => item.name === name);
};
