import { z } from 'zod';
import { hashInput, progressOf } from './hash-input.ts';
import { readParameters } from './read-parameters.ts';
import { inputError } from './task-failure.ts';
import type { TaskModule } from './task-module.ts';

const parametersSchema = z.object({
	expected: z
		.string()
		.max(160)
		.transform((text) => text.trim().toLowerCase())
		.optional(),
});

/** By the number of digits of a checksum. */
const ALGORITHMS: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' };
const MOST_NAMED = 10;

/**
 * Reads each input again and compares it: with what it was when the task was made, or with a checksum that a person has
 * from elsewhere. Answers `{ok, files, bytes}`; what differs is a failure, so that nobody overlooks it.
 */
export const verify: TaskModule = {
	async run(context) {
		const { expected } = readParameters(parametersSchema, context.parameters);
		const algorithm = expected === undefined ? 'sha256' : /^[0-9a-f]+$/.test(expected) && ALGORITHMS[expected.length];
		if (!algorithm) {
			const shapes = 'MD5, SHA-1, SHA-256 or SHA-512 in hexadecimal: 32, 40, 64 or 128 digits';
			throw inputError('parameters-invalid', `The expected checksum is none that is known (${shapes}).`);
		}
		if (expected !== undefined && context.inputs.length !== 1) {
			const count = context.inputs.length;
			throw inputError('parameters-invalid', `One expected checksum is for one file, and there are ${count}.`);
		}
		const onBytes = progressOf(context);
		const mismatches: string[] = [];
		let bytes = 0;
		for (const input of context.inputs) {
			const { [algorithm]: found } = await hashInput(input, [algorithm], context.signal, onBytes);
			const wanted = expected ?? input.sha256;
			bytes += input.size;
			if (found !== wanted) mismatches.push(`${input.name} has ${algorithm} ${found}, not ${wanted}`);
		}
		if (mismatches.length > 0) {
			const named = mismatches.slice(0, MOST_NAMED).join('; ');
			const more = mismatches.length > MOST_NAMED ? `; and ${mismatches.length - MOST_NAMED} more` : '';
			const which = `${mismatches.length} of ${context.inputs.length} files differ`;
			throw inputError('fixity-mismatch', `${which}: ${named}${more}.`);
		}
		return { ok: true, algorithm, files: context.inputs.length, bytes };
	},
};
