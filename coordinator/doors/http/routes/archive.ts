import type { z } from 'zod';
import {
	archiveQuerySchema,
	archiveSelectionSchema,
	archiveTicketSchema,
} from '../../../../shared/protocol/archive.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { requirePermission } from '../../../accounts/permissions.ts';
import type { Datasets } from '../../../datasets/datasets.ts';
import { type ArchiveStep, planArchive } from '../../../files/archive.ts';
import { portableName } from '../../../files/archive-names.ts';
import type { ArchiveTickets } from '../../../files/archive-tickets.ts';
import type { ContentReader } from '../../../files/content-reader.ts';
import type { Files } from '../../../files/files.ts';
import { parsePath } from '../../../files/safe-path.ts';
import type { Jobs } from '../../../jobs/jobs.ts';
import { disposition } from '../../content/content-headers.ts';
import { StreamedBody } from '../../content/streamed-body.ts';
import { writeMade } from '../../content/write-file.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

interface ArchiveRooms {
	files: Pick<Files, 'walk' | 'downloads'>;
	jobs: Pick<Jobs, 'read' | 'results'>;
	datasets: Pick<Datasets, 'download'>;
	archiveTickets: Pick<ArchiveTickets, 'issue' | 'walk'>;
	blobs: ContentReader;
	/** Of datasets. */
	contents: ContentReader;
}

interface Wanted {
	name: string;
	steps: AsyncIterable<ArchiveStep>;
	from: ContentReader;
}

const PATH = '/api/v1/archive';

/** What is asked for, if it may be had. */
const find = async (rooms: ArchiveRooms, actor: Actor, query: z.output<typeof archiveQuerySchema>): Promise<Wanted> => {
	const { folder = '/', job, dataset, ticket, version = null, under = null } = query;
	if (dataset !== undefined) {
		const found = await rooms.datasets.download({ readerSeq: actor.userSeq, ref: dataset }, version, under);
		return { name: `${found.name}-${found.version}`, steps: found.steps, from: rooms.contents };
	}
	const from = rooms.blobs;
	if (job !== undefined) {
		const found = await rooms.jobs.read(job);
		// What came out of a person's data is the person's alone, as the data itself.
		requirePermission(actor, 'read', { kind: 'file', ownerSeq: found.ownerSeq });
		return { name: found.job.title, steps: rooms.jobs.results(job), from };
	}
	requirePermission(actor, 'read', { kind: 'file', ownerSeq: actor.userSeq });
	if (ticket !== undefined) return { name: 'files', steps: rooms.archiveTickets.walk(actor.userSeq, ticket), from };
	const names = parsePath(folder);
	return { name: names.at(-1) ?? 'files', steps: rooms.files.walk(actor.userSeq, names), from };
};

export const archiveRoutes = (rooms: ArchiveRooms): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: PATH,
		access: { verb: 'read', kind: 'file' },
		summary: 'Download a folder, the results of a job, a dataset or a selection as a zip',
		tag: 'files',
		mostAtOnce: 4,
		query: archiveQuerySchema,
		answers: { 200: null },
		async handler({ actor, query, reply }) {
			const { name, steps, from } = await find(rooms, actor, query);
			const archive = await planArchive(steps, from);
			const download = await rooms.files.downloads.begin(actor.userSeq, archive.bytes);
			reply.headers({
				'content-type': 'application/zip',
				'content-disposition': disposition('attachment', `${portableName(name.replaceAll('/', '_'))}.zip`),
				'cache-control': 'private, no-store',
				'x-content-type-options': 'nosniff',
				...(archive.bytes === null ? {} : { 'content-length': archive.bytes }),
			});
			return new StreamedBody((response) => writeMade((send) => archive.writeTo(send), response, download));
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/archives',
		// Nothing is changed by it: it is the question of a download, too long for an address.
		access: { verb: 'read', kind: 'file' },
		summary: 'Choose files and folders to download together; the answer says where they are for ten minutes',
		tag: 'files',
		body: archiveSelectionSchema,
		answers: { 201: archiveTicketSchema },
		async handler({ actor, body, reply }) {
			requirePermission(actor, 'read', { kind: 'file', ownerSeq: actor.userSeq });
			const ticket = await rooms.archiveTickets.issue(actor.userSeq, body);
			reply.code(201);
			return { url: `${PATH}?ticket=${ticket}` };
		},
	}),
];
