import { sha256OfEtag } from '../../../shared/client/content.ts';
import { datasetContentPath, listDatasetEntries, readDataset } from '../../../shared/client/datasets.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { type DatasetEntry, datasetRefSchema } from '../../../shared/protocol/dataset.ts';
import { usageError } from '../failure.ts';

const PREFIX = 'dataset:';

/** What `[dataset:]NAME[/path][@version]` names. */
export interface DatasetTarget {
	name: string;
	/** A file or a folder; empty: everything. */
	path: string;
	/** Null: the newest. */
	version: number | null;
}

/** A file that a target names. */
export type FoundEntry = Pick<DatasetEntry, 'path' | 'size' | 'sha256'> & { dataset: string; version: number };

export const isDatasetTarget = (text: string): boolean => text.startsWith(PREFIX);

export const readDatasetTarget = (text: string): DatasetTarget => {
	const bare = isDatasetTarget(text) ? text.slice(PREFIX.length) : text;
	const [, place = bare, version] = /^(.*)@(\d{1,9})$/.exec(bare) ?? [];
	const slash = place.indexOf('/');
	const name = slash === -1 ? place : place.slice(0, slash);
	if (!datasetRefSchema.safeParse(name).success) {
		throw usageError(`${text} names no dataset: write ${PREFIX}NAME, ${PREFIX}NAME/path or ${PREFIX}NAME/path@2.`);
	}
	const path = slash === -1 ? '' : place.slice(slash + 1).replace(/\/$/, '');
	return { name, path, version: version === undefined ? null : Number(version) };
};

/** The files that a target names, all of one version: the file itself, or what lies in the folder. */
export async function* entriesOf(
	http: HttpClient,
	target: DatasetTarget,
	signal: AbortSignal,
): AsyncGenerator<FoundEntry> {
	const { id, version: newest } = await readDataset(http, target.name, { signal });
	const version = target.version ?? newest;
	if (version === 0) throw new CodedError('not-found', `The dataset ${target.name} has no version yet.`);
	const { path } = target;
	let found = 0;
	if (path !== '') {
		const file = await fileAt(http, id, { path, version }, signal);
		if (file) {
			yield { ...file, dataset: id, version };
			return;
		}
	}
	const query = { version, limit: 1000, ...(path === '' ? {} : { under: path }) };
	const readPage = (cursor: string | undefined) =>
		listDatasetEntries(http, id, { ...query, ...(cursor === undefined ? {} : { cursor }) }, { signal });
	for await (const entry of eachItem(readPage)) {
		found += 1;
		yield { ...entry, dataset: id, version };
	}
	if (found === 0 && path !== '') {
		throw new CodedError(
			'not-found',
			`The dataset ${target.name} has no file or folder ${path} in version ${version}.`,
		);
	}
}

/** The file of exactly this path, asked by its content's address. */
const fileAt = async (
	http: HttpClient,
	id: string,
	{ path, version }: { path: string; version: number },
	signal: AbortSignal,
): Promise<Pick<DatasetEntry, 'path' | 'size' | 'sha256'> | null> => {
	try {
		const { headers } = await http.send('HEAD', datasetContentPath(id, path), { query: { version }, signal });
		const sha256 = sha256OfEtag(headers.get('etag'));
		return sha256 === null ? null : { path, size: Number(headers.get('content-length') ?? 0), sha256 };
	} catch (error) {
		if (error instanceof CodedError && error.code === 'not-found') return null;
		throw error;
	}
};
