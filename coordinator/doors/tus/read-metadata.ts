import { CodedError } from '../../../shared/coded-error.ts';
import { uploadMetadataSchema } from '../../../shared/protocol/upload-metadata.ts';
import type { Condition } from '../../files/condition.ts';
import { parsePath, splitPath } from '../../files/safe-path.ts';

/** What an upload says of itself, checked. */
export interface UploadWish {
	names: string[];
	path: string;
	sha256: string | null;
	condition: Condition;
}

/** What clients of other makes say and we have no use for: types and times are not taken from them. */
const IGNORED = new Set(['filename', 'folder', 'overwrite', 'name', 'filetype', 'type', 'contentType', 'relativePath']);

/**
 * Reads `Upload-Metadata`. Clients of other makes name `filename` and perhaps `folder` and `overwrite` (`no`) instead of
 * our `path` and `ifNoneMatch`. Throws `invalid` or `bad-path`.
 */
export const readMetadata = (metadata: Record<string, string | null> | undefined): UploadWish => {
	const said = metadata ?? {};
	const known = Object.fromEntries(Object.entries(said).filter(([name]) => !IGNORED.has(name)));
	const filename = said.filename ?? said.name;
	if (known.path === undefined && filename) known.path = `${(said.folder ?? '').replace(/\/$/, '')}/${filename}`;
	if (known.ifNoneMatch === undefined && said.overwrite === 'no') known.ifNoneMatch = '*';
	const parsed = uploadMetadataSchema.safeParse(known);
	if (!parsed.success) {
		const fields = parsed.error.issues.map(({ path, message }) => ({ path: `metadata.${path.join('.')}`, message }));
		throw new CodedError('invalid', 'The Upload-Metadata is not usable: it needs at least a path.', { fields });
	}
	const { path, sha256, ifMatch, ifNoneMatch } = parsed.data;
	const names = parsePath(path);
	splitPath(names);
	return {
		names,
		path,
		sha256: sha256 ?? null,
		condition: { ifMatch: ifMatch === undefined ? null : [ifMatch], ifNoneMatch: ifNoneMatch ?? null },
	};
};
