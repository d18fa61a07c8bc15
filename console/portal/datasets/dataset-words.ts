import type { Me } from '../../../shared/protocol/account.ts';
import { type DatasetView, datasetNameSchema } from '../../../shared/protocol/dataset.ts';
import { formatBytes, formatCount, plural } from '../../kit/format.ts';
import type { StateLook } from '../../kit/task-words.ts';

export const DATASET_LOOKS: Record<DatasetView['state'], StateLook> = {
	importing: { word: 'Publishing', color: 'indigo', icon: 'upload' },
	ready: { word: 'Ready', color: 'teal', icon: 'circleCheck' },
	failed: { word: 'Publishing failed', color: 'red', icon: 'circleX' },
	retired: { word: 'Deleted', color: 'gray', icon: 'trash' },
};

/** Owners change their own, administrators any. */
export const mayChange = ({ owner }: Pick<DatasetView, 'owner'>, me: Pick<Me, 'id' | 'role'>): boolean =>
	me.role === 'administrator' || owner?.id === me.id;

/** `12 files, 300 kB`. */
export const sizeWords = ({ files, bytes }: { files: number; bytes: number }): string =>
	`${plural(files, 'file')}, ${formatBytes(bytes)}`;

/** `1,204 files, 2.3 GB so far`; null when nothing is being published. */
export const publishingWords = ({ publishing }: Pick<DatasetView, 'publishing'>): string | null =>
	publishing === null
		? null
		: `Version ${formatCount(publishing.version)} is being published: ${sizeWords(publishing)} so far.`;

/** Who may read it, as far as the asker is told. */
export const readersWords = (
	{ everyone, owner }: Pick<DatasetView, 'everyone' | 'owner'>,
	me: Pick<Me, 'id'>,
): string => {
	if (everyone) return 'Everybody';
	return owner?.id === me.id ? 'You, and with whom you share it' : 'You, and others with whom it is shared';
};

/** A name for addresses out of a title: `My photos 2026` is `my-photos-2026`. Empty where nothing can be made of it. */
export const nameOfTitle = (title: string): string =>
	title
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9.]+/g, '-')
		.slice(0, 63)
		.replace(/^[-.]+|[-.]+$/g, '');

export const isName = (name: string): boolean => datasetNameSchema.safeParse(name).success;

/** A dataset’s page; `name` may be its id. */
export const urlOfDataset = (name: string): string => `/datasets/${encodeURIComponent(name)}`;

/** The folder in which a dataset’s file lies, as it was in a version. */
export const urlOfDatasetFile = (name: string, version: number, path: string): string => {
	const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
	const query = new URLSearchParams({ ...(folder === '' ? {} : { folder }), version: String(version) });
	return `${urlOfDataset(name)}?${query}`;
};

/** What is to be processed: one file, a folder, or all of it. */
export const urlOfProcess = (name: string, path: string): string =>
	`/process?${new URLSearchParams({ dataset: name, ...(path === '' ? {} : { path }) })}`;

/** Pictures that browsers show; above this nobody waits for them. */
const PICTURE = /^image\/(jpeg|png|webp|gif|avif)$/;
const MOST_PICTURE_BYTES = 30_000_000;
/** In a list of many, only what costs little. */
const MOST_SMALL_BYTES = 300_000;
const TEXT = /^text\/|^application\/(json|xml|yaml|x-ndjson|csv)$/;

type Previewed = { mediaType: string | null; size: number };

export const previewOf = ({ mediaType, size }: Previewed): 'picture' | 'text' | null => {
	if (mediaType === null) return null;
	if (PICTURE.test(mediaType)) return size <= MOST_PICTURE_BYTES ? 'picture' : null;
	return TEXT.test(mediaType) ? 'text' : null;
};

export const isSmallPicture = (entry: Previewed): boolean =>
	previewOf(entry) === 'picture' && entry.size <= MOST_SMALL_BYTES;
