import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { firstThatFit } from './first-that-fit.ts';
import { hashInput, progressOf } from './hash-input.ts';
import { readParameters } from './read-parameters.ts';
import type { JsonObject, TaskModule } from './task-module.ts';

const parametersSchema = z.object({
	algorithms: z
		.array(z.enum(['sha1', 'sha256', 'sha512']))
		.min(1)
		.max(3)
		.default(['sha256']),
});

/**
 * Checksums of each input: `{files: [{name, sha256…}]}`, and all of them as the output `SHASUMS.txt`, in lines such as
 * `SHA256 (photo.jpg) = …`, which say their algorithm and are read by the usual tools.
 */
export const checksum: TaskModule = {
	async run(context) {
		const algorithms = [...new Set(readParameters(parametersSchema, context.parameters).algorithms)];
		const onBytes = progressOf(context);
		const files: JsonObject[] = [];
		const lines: string[] = [];
		for (const input of context.inputs) {
			const sums = await hashInput(input, algorithms, context.signal, onBytes);
			files.push({ name: input.name, ...sums });
			for (const algorithm of algorithms) {
				lines.push(`${algorithm.toUpperCase()} (${input.name}) = ${sums[algorithm]}\n`);
			}
		}
		await writeFile(await context.output('SHASUMS.txt', 'text/plain'), lines.join(''));
		const told = firstThatFit(files);
		return { files: told, count: files.length, isTruncated: told.length < files.length };
	},
};
