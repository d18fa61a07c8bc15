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

/** A whole backup in the coordinator's folder for them. */
const backupViewSchema = z.object({
	name: backupNameSchema,
	takenAt: instantSchema,
	version: z.string(),
	contents: count,
	bytes: count,
	/** Content that was lost before it was taken. */
	missing: count,
	withKey: z.boolean(),
});

/** A backup that was tried, by whomever, and how that went. */
const backupRunSchema = z.object({
	folder: z.string(),
	/** Null when there is none, because of the error. */
	backup: backupNameSchema.nullable(),
	error: z.string().nullable(),
	startedAt: instantSchema,
	finishedAt: instantSchema,
	contents: count,
	bytes: count,
	copiedContents: count,
	copiedBytes: count,
	missing: count,
});

/** A backup that is read through, or was since the coordinator's start. */
export const backupCheckSchema = z.object({
	backup: backupNameSchema,
	startedAt: instantSchema,
	finishedAt: instantSchema.nullable(),
	/** Contents that were read so far, of so many. */
	done: count,
	of: count,
	/** What is not as it should be, a sentence each; null while that is not known. */
	violations: z.array(z.string()).nullable(),
	/** Why it could not be checked. */
	error: z.string().nullable(),
});
export type BackupCheck = z.infer<typeof backupCheckSchema>;

export const backupsViewSchema = z.object({
	/** Where the coordinator backs up to by itself; null: it does not. */
	folder: z.string().nullable(),
	everyMs: count,
	keep: count,
	/** Why the folder cannot be read now. */
	trouble: z.string().nullable(),
	/** Newest first. */
	items: z.array(backupViewSchema),
	runs: z.array(backupRunSchema),
	/** One that is being taken now: contents that are in the folder, of so many; 0 of 0 while the ledger is copied. */
	now: z.object({ startedAt: instantSchema, done: count, of: count }).nullable().default(null),
	/** Newest first. */
	checks: z.array(backupCheckSchema).default([]),
});
export type BackupsView = z.infer<typeof backupsViewSchema>;
