import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { guardedDownload } from '../../shared/egress/guarded-fetch.ts';
import { egressOf, judgeOutside, mediaTypeOf, requireSuccess } from './outside/ask-outside.ts';
import { fetchedName } from './outside/file-name.ts';
import { readParameters } from './read-parameters.ts';
import { inputError } from './task-failure.ts';
import type { TaskModule } from './task-module.ts';

const parametersSchema = z.object({
	url: z.string().min(1).max(4096),
	name: z.string().max(200).optional(),
	maxBytes: z.number().int().min(1).max(1_073_741_824).default(104_857_600),
	headers: z.array(z.string().max(1000)).max(8).default([]),
});

/** Such as the connection needs for itself, or tell who asks: for that there is the secret. */
const NOT_TAKEN =
	/^(authorization|proxy-.*|cookie|host|connection|content-length|transfer-encoding|accept-encoding|expect|upgrade|te|trailer|keep-alive)$/i;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]*)$/;

const readHeaders = (lines: readonly string[]): Record<string, string> =>
	Object.fromEntries(
		lines.map((line) => {
			const [, name, value] = HEADER.exec(line) ?? [];
			if (name === undefined || value === undefined) {
				throw inputError('parameters-invalid', `“${line.slice(0, 100)}” is no header: write “Name: value”.`);
			}
			if (NOT_TAKEN.test(name)) throw inputError('parameters-invalid', `The header ${name} cannot be set.`);
			return [name.toLowerCase(), value.trim()];
		}),
	);

/**
 * A file of the web as the only output, called as asked for, as its server says, or as its address ends. Answers
 * `{url, status, name, size, sha256, mediaType}`.
 */
export const fetchFile: TaskModule = {
	async run(context) {
		const { url, name: asked, maxBytes, headers } = readParameters(parametersSchema, context.parameters);
		const { allow } = egressOf(context);
		const authorization = context.secret('authorization')?.trim();
		if (authorization !== undefined && !/^[\x20-\x7e]+$/.test(authorization)) {
			throw inputError(
				'secret-unusable',
				'The secret cannot be sent as a header: it holds other than plain characters.',
			);
		}
		const hash = createHash('sha256');
		let file: FileHandle | null = null;
		let name = '';
		let mediaType = '';
		try {
			const got = await guardedDownload(url, {
				allow,
				// What is secret goes over nothing that others can read.
				http: authorization === undefined,
				headers: { ...readHeaders(headers), ...(authorization === undefined ? {} : { authorization }) },
				maxBytes,
				signal: context.signal,
				async onAnswer(answer) {
					requireSuccess(answer);
					name = fetchedName(asked, answer.headers['content-disposition'], answer.url);
					mediaType = mediaTypeOf(answer.headers['content-type']);
					file = await open(await context.output(name, mediaType), 'w');
				},
				async onChunk(chunk) {
					hash.update(chunk);
					await file?.writeFile(chunk);
				},
			});
			return { url: got.url, status: got.status, name, size: got.bytes, sha256: hash.digest('hex'), mediaType };
		} catch (error) {
			throw judgeOutside(error);
		} finally {
			await (file as FileHandle | null)?.close();
		}
	},
};
