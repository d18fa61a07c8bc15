import { z } from 'zod';
import { firstThatFit } from './first-that-fit.ts';
import { readParameters } from './read-parameters.ts';
import { onlyInput, type TaskModule } from './task-module.ts';
import { LineCount } from './text/count-lines.ts';
import { WordCount } from './text/count-words.ts';
import { findEncoding } from './text/find-encoding.ts';
import { textPieces } from './text/text-pieces.ts';

const parametersSchema = z.object({
	topWords: z.number().int().min(0).max(100).default(20),
	minLength: z.number().int().min(1).max(64).default(3),
});

/** Read of a text; what comes after it is not looked at. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What can be counted of a text: `{encoding, lines, words, characters, longestLine, topWords, isTruncated}`. */
export const textstats: TaskModule = {
	async run(context) {
		const { topWords, minLength } = readParameters(parametersSchema, context.parameters);
		const { path, size } = onlyInput(context);
		const encoding = await findEncoding(path, MOST_BYTES, context.signal);
		const lines = new LineCount();
		const words = new WordCount(minLength);
		let done = 0;
		for await (const { text, bytes } of textPieces(path, encoding, MOST_BYTES, context.signal)) {
			lines.add(text);
			words.add(text);
			done += bytes;
			context.progress(done / Math.min(size, MOST_BYTES));
		}
		return {
			encoding,
			lines: lines.lines,
			words: words.words,
			characters: lines.characters,
			longestLine: lines.longestLine,
			topWords: firstThatFit(words.top(topWords)),
			isTruncated: words.isTruncated || size > MOST_BYTES,
		};
	},
};
