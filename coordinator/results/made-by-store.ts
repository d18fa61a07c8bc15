import { readOperation } from '../database/operation.ts';

/** Which of these versions were made by this recipe: seqs of their files. */
export const readMadeBy = readOperation('results.read-made-by', (db) => {
	const find = db.prepare('SELECT 1 FROM provenance WHERE file_seq = ? AND version = ? AND recipe = ?').pluck();
	return (args: { recipe: string; files: readonly { fileSeq: number; version: number }[] }): number[] =>
		args.files.flatMap(({ fileSeq, version }) =>
			find.get(fileSeq, version, args.recipe) === undefined ? [] : [fileSeq],
		);
});
