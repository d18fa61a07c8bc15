import { z } from 'zod';
import { datasetRefSchema } from './dataset.ts';
import { idSchema } from './ids.ts';

const MOST_FILES = 1_000;
const MOST_FOLDERS = 100;
const pathSchema = z.string().max(8192);

/** What one archive is to hold: a folder (`/` unless told), or one of the others. */
export const archiveQuerySchema = z
	.strictObject({
		folder: pathSchema.optional().describe('With all that is in it; / when nothing is named'),
		job: idSchema('job')
			.optional()
			.describe('What it has brought so far: files, and outputs that stay with their tasks'),
		dataset: datasetRefSchema.optional(),
		version: z.coerce.number().int().min(1).optional().describe('Of the dataset; the newest unless told'),
		under: z.string().min(1).max(4096).optional().describe('Only what lies in this folder of the dataset'),
		ticket: z
			.string()
			.regex(/^[0-9a-f]{32}$/)
			.optional()
			.describe('A selection, from POST /api/v1/archives'),
	})
	.superRefine(({ folder, job, dataset, version, under, ticket }, context) => {
		const named = [folder, job, dataset, ticket].filter((one) => one !== undefined).length;
		if (named > 1) context.addIssue({ code: 'custom', message: 'name one of folder, job, dataset and ticket' });
		if (dataset === undefined && (version !== undefined || under !== undefined)) {
			context.addIssue({ code: 'custom', path: ['dataset'], message: 'version and under go with a dataset' });
		}
	});
export type ArchiveQuery = z.input<typeof archiveQuerySchema>;

/** Some files and folders that are to be downloaded together. */
export const archiveSelectionSchema = z
	.strictObject({
		files: z.array(idSchema('file')).max(MOST_FILES).default([]),
		folders: z.array(pathSchema.min(1)).max(MOST_FOLDERS).default([]),
	})
	.refine(({ files, folders }) => files.length + folders.length > 0, { message: 'choose at least one file or folder' });

export const archiveTicketSchema = z.object({
	url: z.string().describe('Where the archive is for ten minutes, for the one who asked'),
});
