import { z } from 'zod';
import { sha256Schema } from './ids.ts';
import { instantSchema } from './task.ts';

/** A backup's name: when it was taken, in UTC, and some random digits. So names sort by age. */
export const backupNameSchema = z
	.string()
	.regex(/^\d{8}T\d{9}Z-[0-9a-f]{6}$/, 'must be the name of a backup such as 20300102T030405678Z-0a1b2c');

const count = z.number().int().min(0);

/** What says that a backup is whole: written last, after all that it names is on disk. */
export const backupManifestSchema = z.strictObject({
	format: z.literal('millrace-backup-1'),
	name: backupNameSchema,
	installation: z.string().min(1).max(64),
	generation: count,
	takenAt: instantSchema,
	/** The Millrace that took it, and its ledger's schema. */
	version: z.string().min(1).max(64),
	schema: count,
	ledger: z.strictObject({ bytes: count, sha256: sha256Schema }),
	/** The list of its content, in the form that `sha256sum --check` takes. */
	contents: z.strictObject({ count, bytes: count, sha256: sha256Schema }),
	/** Content that the ledger names and that was lost or damaged before. */
	missing: z.strictObject({ count, some: z.array(sha256Schema).max(1_000) }),
	withKey: z.boolean(),
});
export type BackupManifest = z.infer<typeof backupManifestSchema>;
