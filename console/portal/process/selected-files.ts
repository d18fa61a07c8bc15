import { z } from 'zod';
import type { FileSummary } from '../../../shared/protocol/file.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { MAX_BATCH } from '../../../shared/protocol/task.ts';

/** As much of a file as the page needs. */
const selectedFileSchema = z.object({
	id: idSchema('file'),
	path: z.string(),
	name: z.string(),
	size: z.number(),
	/** Null: not known yet. */
	mediaType: z.string().nullable(),
});
export type SelectedFile = z.infer<typeof selectedFileSchema>;
/** `left`: so many more were selected than one submission takes. */
const selectionSchema = z.object({
	key: z.string(),
	files: z.array(selectedFileSchema).min(1).max(MAX_BATCH),
	left: z.number().int().min(0),
});
export type StoredSelection = z.infer<typeof selectionSchema>;

/** Ids that an address holds; more of them lie in the tab’s own storage, the newest selection only. */
const MOST_IN_ADDRESS = 50;
const SLOT = 'millrace-selection';

export const selectedFile = ({ id, path, name, size, facts }: FileSummary): SelectedFile => ({
	id,
	path,
	name,
	size,
	mediaType: typeof facts.mimetype === 'string' ? facts.mimetype : null,
});

/** The address of the page for these files; a large selection is kept in this tab. Null: the tab has no room for it. */
export const urlOfProcess = (files: readonly FileSummary[], storage: Pick<Storage, 'setItem'>): string | null => {
	if (files.length <= MOST_IN_ADDRESS) return `/process?files=${files.map(({ id }) => id).join(',')}`;
	const key = Date.now().toString(36);
	const some = files.slice(0, MAX_BATCH).map(selectedFile);
	const selection: StoredSelection = { key, files: some, left: files.length - some.length };
	try {
		storage.setItem(SLOT, JSON.stringify(selection));
	} catch {
		return null;
	}
	return `/process?selection=${key}`;
};

/** The ids in an address that are ids, each once; null where there are too many or none. */
export const idsIn = (text: string): string[] | null => {
	const ids = [...new Set(text.split(',').filter((id) => idSchema('file').safeParse(id).success))];
	return ids.length === 0 || ids.length > MOST_IN_ADDRESS ? null : ids;
};

/** The large selection of this tab; null when it is another one by now, or is none of ours. */
export const storedSelection = (key: string, storage: Pick<Storage, 'getItem'>): StoredSelection | null => {
	try {
		const selection = selectionSchema.parse(JSON.parse(storage.getItem(SLOT) ?? 'null'));
		return selection.key === key ? selection : null;
	} catch {
		return null;
	}
};
