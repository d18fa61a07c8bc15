import { z } from 'zod';
import { idSchema, sha256Schema } from './ids.ts';
import { pageQuerySchema } from './json.ts';

/** Most files in one version, and most versions. */
export const MAX_DATASET_FILES = 1_000_000;
export const MAX_DATASET_VERSIONS = 10_000;
const MAX_GRANTS = 1_000;

export const datasetNameSchema = z
	.string()
	.regex(/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/, 'small letters, digits, . and -; 1 to 63 characters');
/** In addresses: its name or its id, which outlives the name. */
export const datasetRefSchema = z.union([datasetNameSchema, idSchema('dataset')]);

/** As tasks have it; they take files of datasets, so it cannot come from there. */
const instantSchema = z.iso.datetime({ offset: true });
const versionSchema = z.number().int().min(1);
const pathSchema = z.string().min(1).max(4096);
const noteSchema = z.string().max(1_000).default('');

const licenceDraftSchema = z.strictObject({
	name: z.string().trim().max(100).describe('Such as CC BY 4.0'),
	text: z
		.string()
		.max(65_536)
		.nullable()
		.default(null)
		.describe('When there is one, everybody accepts it once before using or downloading anything'),
});

export const folderSourceSchema = z.strictObject({ folder: pathSchema.describe('A folder of one’s own files') });
const emptySourceSchema = z.strictObject({ empty: z.literal(true) });
const directorySourceSchema = z.strictObject({
	directory: pathSchema.describe('A directory of the coordinator’s machine, below one of its --dataset-roots'),
});

const aboutSchema = z.strictObject({
	title: z.string().trim().min(1).max(200),
	description: z.string().max(8_192).default(''),
	licence: licenceDraftSchema.default({ name: '', text: null }),
});

export const newDatasetSchema = aboutSchema.extend({
	name: datasetNameSchema,
	from: z.union([folderSourceSchema, emptySourceSchema]),
});
export const importDatasetSchema = aboutSchema.extend({
	name: datasetNameSchema,
	from: directorySourceSchema,
	mode: z
		.enum(['import', 'link'])
		.default('import')
		.describe('link: its files stay where they are, and are only read through once'),
});
export type DatasetAbout = z.output<typeof aboutSchema>;

export const datasetChangeSchema = z.strictObject({
	title: z.string().trim().min(1).max(200).optional(),
	description: z.string().max(8_192).optional(),
	licence: licenceDraftSchema.optional(),
});
export type DatasetChange = z.output<typeof datasetChangeSchema>;

export const publishDatasetSchema = z.strictObject({ from: folderSourceSchema, note: noteSchema });
export const importVersionSchema = z.strictObject({ from: directorySourceSchema, note: noteSchema });
export const acceptLicenceSchema = z.strictObject({ licenceVersion: versionSchema });

export const datasetViewSchema = z.object({
	id: idSchema('dataset'),
	name: z.string(),
	title: z.string(),
	description: z.string(),
	owner: z
		.object({ id: idSchema('user'), username: z.string() })
		.nullable()
		.describe('Null: it belongs to the system'),
	licence: z.object({
		name: z.string(),
		text: z.string().nullable(),
		version: z.number(),
		accepted: z.boolean().describe('Whether you may use and download it; true when there is nothing to accept'),
	}),
	version: z.number().describe('The newest that is published; 0: none yet'),
	files: z.number().describe('In the newest version'),
	bytes: z.number().describe('Of the newest version'),
	kind: z.enum(['stored', 'linked']).default('stored').describe('linked: its files lie in a directory of their own'),
	state: z.enum(['importing', 'ready', 'failed', 'retired']),
	reason: z
		.string()
		.nullable()
		.describe('Why the last publication failed, or what is wrong with the directory that it is linked to'),
	publishing: z
		.object({ version: z.number(), files: z.number(), bytes: z.number() })
		.nullable()
		.default(null)
		.describe('The version that is being made, with what is in it so far'),
	everyone: z.boolean(),
	revision: z.number().describe('Its entity tag'),
	createdAt: instantSchema,
	updatedAt: instantSchema,
});
export type DatasetView = z.infer<typeof datasetViewSchema>;

export const datasetVersionSchema = z.object({
	version: z.number(),
	at: instantSchema,
	by: z.string(),
	note: z.string(),
	files: z.number(),
	bytes: z.number(),
});
export type DatasetVersionView = z.infer<typeof datasetVersionSchema>;

export const datasetEntrySchema = z.object({
	path: z.string(),
	size: z.number(),
	sha256: sha256Schema,
	mediaType: z.string().nullable(),
	addedIn: z.number().describe('The version since which this path has this content'),
});
export type DatasetEntry = z.infer<typeof datasetEntrySchema>;

/** What lies in a folder of a version itself: files, and each folder as one line. */
export const datasetItemSchema = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('folder'), name: z.string(), path: z.string() }),
	datasetEntrySchema.extend({ kind: z.literal('file'), name: z.string() }),
]);
export type DatasetItem = z.infer<typeof datasetItemSchema>;

export const datasetVersionQuerySchema = z.strictObject({ version: z.coerce.number().int().min(1).optional() });
export const datasetEntriesQuerySchema = pageQuerySchema.extend({
	// A path is longer than other lists' cursors.
	cursor: z.string().max(8_192).optional(),
	version: z.coerce.number().int().min(1).optional(),
	under: pathSchema.optional().describe('Only what lies in this folder, however deep'),
});

export const datasetFolderQuerySchema = datasetEntriesQuerySchema
	.omit({ under: true })
	.extend({ folder: pathSchema.optional().describe('Such as photos/2026; left out: the top') });

/** Who may read it beside its owner. */
export const datasetGrantsSchema = z.strictObject({
	everyone: z.boolean().default(false),
	users: z.array(z.string().min(1).max(64)).max(MAX_GRANTS).default([]).describe('People, by id or name'),
	groups: z.array(idSchema('group')).max(MAX_GRANTS).default([]),
});
export type DatasetGrants = z.infer<typeof datasetGrantsSchema>;

/** The same as it is told: people and groups by id. */
export const datasetSharesSchema = z.object({
	everyone: z.boolean(),
	users: z.array(z.string()),
	groups: z.array(z.string()),
	names: z.record(z.string(), z.string()).default({}).describe('What these people and groups are called'),
});
export type DatasetShares = z.infer<typeof datasetSharesSchema>;

/** A file of a dataset as a task's input: of its newest version, or of a given one. */
export const datasetInputSchema = z.strictObject({
	dataset: datasetRefSchema,
	path: pathSchema,
	version: versionSchema.optional(),
});
export type DatasetInput = z.infer<typeof datasetInputSchema>;
