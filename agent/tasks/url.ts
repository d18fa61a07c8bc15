import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { guardedFetch } from '../../shared/egress/guarded-fetch.ts';
import { egressOf, judgeOutside, mediaTypeOf, requireSuccess } from './outside/ask-outside.ts';
import { fetchedName } from './outside/file-name.ts';
import { mostItems, type SourceAnswer, writeItems } from './outside/write-items.ts';
import { readParameters } from './read-parameters.ts';
import type { TaskModule } from './task-module.ts';

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_MS = 100_000;

const parametersSchema = z.object({ url: z.string().min(1).max(4096), store: z.boolean().default(true) });
const cursorSchema = z.object({
	/** Of which address the rest is. */
	url: z.string(),
	etag: z.string().max(1000).nullable(),
	sha256: z.string(),
});

/** `.csv` of `content.csv`: what a file of that address is likely to be called. */
const extensionOf = (name: string): string => /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0].toLowerCase() ?? '.bin';

/**
 * What is at an address, when it is another content than the last time: a line of `items.jsonl`, and the content as
 * `content.<ext>` if it is to be kept.
 */
export const url: TaskModule = {
	async run(context): Promise<SourceAnswer> {
		const { url: address, store } = readParameters(parametersSchema, context.parameters);
		const { allow } = egressOf(context);
		const before = cursorSchema.safeParse(context.source?.cursor).data;
		const known = before?.url === address ? before : null;
		const unchanged = (cursor: z.infer<typeof cursorSchema>): SourceAnswer => ({
			cursor,
			items: 0,
			more: false,
			note: null,
		});
		if (mostItems(context, 1) < 1)
			return { cursor: known ?? {}, items: 0, more: true, note: 'Nothing more may be read now.' };
		try {
			const answer = await guardedFetch(address, {
				allow,
				http: true,
				headers: known?.etag ? { 'if-none-match': known.etag } : {},
				maxBytes: MOST_BYTES,
				totalMs: MOST_MS,
				signal: context.signal,
			});
			if (answer.status === 304 && known) return unchanged(known);
			requireSuccess(answer);
			const { headers, body } = answer;
			const sha256 = createHash('sha256').update(body).digest('hex');
			const etag = headers.etag !== undefined && headers.etag.length <= 1000 ? headers.etag : null;
			const cursor = { url: address, etag, sha256 };
			if (sha256 === known?.sha256) return unchanged(cursor);
			const mediaType = mediaTypeOf(headers['content-type']);
			if (store) {
				const name = fetchedName(undefined, headers['content-disposition'], answer.url);
				await writeFile(await context.output(`content${extensionOf(name)}`, mediaType), body);
			}
			const at = new Date().toISOString();
			await writeItems(context, [{ key: sha256, at, url: answer.url, size: body.length, mediaType, etag }]);
			return { cursor, items: 1, more: false, note: null };
		} catch (error) {
			throw judgeOutside(error);
		}
	},
};
