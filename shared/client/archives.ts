import type { z } from 'zod';
import { type ArchiveQuery, type archiveSelectionSchema, archiveTicketSchema } from '../protocol/archive.ts';
import type { HttpClient } from './http-client.ts';

/** The address of an archive, from the server's root. */
export const archivePath = (query: ArchiveQuery): string => {
	const pairs = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
	return `/api/v1/archive?${new URLSearchParams(pairs)}`;
};

/** Some files and folders as one archive: answers with its address, good for ten minutes. */
export const chooseArchive = (http: HttpClient, selection: z.input<typeof archiveSelectionSchema>) =>
	http.json('POST', '/api/v1/archives', archiveTicketSchema, { body: selection });
