import { z } from 'zod';
import { sha256Schema } from './ids.ts';

/**
 * `Upload-Metadata` of a tus upload, decoded: what a PUT says by its address and headers. `path` is absolute; `sha256`
 * is checked against the content before the upload is finished; the conditions hold at the end, not at the creation.
 */
export const uploadMetadataSchema = z.strictObject({
	path: z.string().min(1).max(8192),
	sha256: sha256Schema.optional(),
	/** `*`: refuse with `precondition-failed` when the path is taken. */
	ifNoneMatch: z.literal('*').optional(),
	/** Refuse with `precondition-failed` unless the newest content has this SHA-256. */
	ifMatch: sha256Schema.optional(),
});
export type UploadMetadata = z.infer<typeof uploadMetadataSchema>;
