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
const storedSchema = z.array(selectedFileSchema).min(1).max(MAX_BATCH);

/** Ids that an address holds; more of them lie in the tab’s own storage. */
const MOST_IN_ADDRESS = 50;
const STORED = 'millrace-selection-';

export const selectedFile = ({ id, path, name, size, facts }: FileSummary): SelectedFile => ({
	id,
	path,
	name,
	size,
	mediaType: typeof facts.mimetype === 'string' ? facts.mimetype : null,
});

/** The address of the page for these files; a large selection is kept in this tab. */
export const urlOfProcess = (files: readonly FileSummary[], storage: Pick<Storage, 'setItem'>): string => {
	if (files.length <= MOST_IN_ADDRESS) return `/process?files=${files.map(({ id }) => id).join(',')}`;
	const key = Date.now().toString(36);
	storage.setItem(STORED + key, JSON.stringify(files.slice(0, MAX_BATCH).map(selectedFile)));
	return `/process?selection=${key}`;
};

/** The ids in an address that are ids, each once; null where there are too many or none. */
export const idsIn = (text: string): string[] | null => {
	const ids = [...new Set(text.split(',').filter((id) => idSchema('file').safeParse(id).success))];
	return ids.length === 0 || ids.length > MOST_IN_ADDRESS ? null : ids;
};

/** A large selection of this tab; null when it is gone, or is none of ours. */
export const storedSelection = (key: string, storage: Pick<Storage, 'getItem'>): SelectedFile[] | null => {
	try {
		return storedSchema.parse(JSON.parse(storage.getItem(STORED + key) ?? 'null'));
	} catch {
		return null;
	}
};
