import { createReadStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { type CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { findDelimiter } from './csv/find-delimiter.ts';
import { TableProfile } from './csv/table-profile.ts';
import { firstThatFit } from './first-that-fit.ts';
import { readParameters } from './read-parameters.ts';
import { inputError } from './task-failure.ts';
import { onlyInput, type TaskModule } from './task-module.ts';
import { findEncoding } from './text/find-encoding.ts';

const parametersSchema = z.object({
	delimiter: z.enum(['auto', ',', ';', 'tab', '|']).default('auto'),
	header: z.enum(['auto', 'yes', 'no']).default('auto'),
	sample: z.number().int().min(0).max(1000).default(0),
});

const HEAD_BYTES = 64 * 1024;
const READ_BYTES = 256 * 1024;
const MOST_BYTES = 1024 * 1024 * 1024;
/** A row that is longer is a quote that was never closed. */
const LONGEST_ROW = 1024 * 1024;
const YIELD_EVERY = 1000;

const headOf = async (path: string): Promise<Buffer> => {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
};

/**
 * What is in the columns of a table: `{rows, columns: [{name, type, empty, distinct, examples…}], …}`; all of it, with
 * sample rows, as the output `profile.json`.
 */
export const csvprofile: TaskModule = {
	async run(context) {
		const wanted = readParameters(parametersSchema, context.parameters);
		const { path, size } = onlyInput(context);
		if (size > MOST_BYTES) throw inputError('csv-too-large', 'The table is larger than 1 GiB.');
		const encoding = await findEncoding(path, MOST_BYTES, context.signal);
		const decoder = new TextDecoder(encoding);
		const delimiter =
			wanted.delimiter === 'auto'
				? findDelimiter(new TextDecoder(encoding).decode(await headOf(path)))
				: wanted.delimiter === 'tab'
					? '\t'
					: wanted.delimiter;
		const table = new TableProfile(wanted.header, wanted.sample);
		const parser = parse({
			delimiter,
			relax_column_count: true,
			relax_quotes: true,
			skip_empty_lines: true,
			max_record_size: LONGEST_ROW,
		});
		const source = createReadStream(path, { highWaterMark: READ_BYTES, signal: context.signal });
		let done = 0;
		const feed = async (): Promise<void> => {
			for await (const piece of source) {
				done += (piece as Buffer).length;
				context.progress(done / size);
				if (!parser.write(decoder.decode(piece as Buffer, { stream: true }))) {
					await new Promise<void>((resolve) => parser.once('drain', resolve).once('close', resolve));
				}
			}
			parser.end(decoder.decode());
		};
		const feeding = feed().catch((error: Error) => void parser.destroy(error));
		try {
			let count = 0;
			for await (const row of parser as AsyncIterable<string[]>) {
				table.add(row);
				// So that a request to stop is heard in the middle of a large table.
				if (++count % YIELD_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
			}
		} catch (error) {
			throw judgeCsvError(error);
		} finally {
			source.destroy();
			parser.destroy();
			await feeding;
		}
		const { rows, uneven, hasHeader } = table;
		const facts = { rows, uneven, delimiter, encoding, hasHeader: hasHeader ?? false };
		const columns = table.profiles();
		const whole = { ...facts, columns, ...(wanted.sample > 0 ? { sample: table.sample } : {}) };
		await writeFile(await context.output('profile.json', 'application/json'), `${JSON.stringify(whole, null, '\t')}\n`);
		const told = firstThatFit(columns);
		return { ...facts, columns: told, isTruncated: told.length < columns.length };
	},
};

const judgeCsvError = (error: unknown): unknown => {
	const { code } = error as CsvError;
	if (code === 'CSV_MAX_RECORD_SIZE') {
		const limit = `at most ${LONGEST_ROW} characters are read of one`;
		return inputError('csv-row', `A row is too long (${limit}): perhaps a quotation mark is never closed.`, error);
	}
	if (typeof code === 'string' && code.startsWith('CSV_')) {
		return inputError('csv-damaged', `The content is not a table that can be read: ${(error as Error).message}`, error);
	}
	return error;
};
