import { readOperation } from '../database/operation.ts';

/** Which of these versions were made by this recipe, or by any task at all: seqs of their files. */
export const readMadeBy = readOperation('results.read-made-by', (db) => {
	const find = db
		.prepare(
			'SELECT 1 FROM provenance WHERE file_seq = @fileSeq AND version = @version AND (@recipe IS NULL OR recipe = @recipe)',
		)
		.pluck();
	return (args: { recipe: string | null; files: readonly { fileSeq: number; version: number }[] }): number[] =>
		args.files.flatMap(({ fileSeq, version }) =>
			find.get({ fileSeq, version, recipe: args.recipe }) === undefined ? [] : [fileSeq],
		);
});
