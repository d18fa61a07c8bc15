import { CLUTTER_NAMES, TEMPORARY_FOLDERS, TEMPORARY_NAMES } from '../../shared/protocol/trigger.ts';

/** Whether a path lies in a folder (`/` is all), or deeper in it. */
export const liesIn = (path: string, folder: string, recursive: boolean): boolean => {
	const above = folder === '/' ? '/' : `${folder}/`;
	return path.startsWith(above) && (recursive || !path.includes('/', above.length));
};

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Cut once for a list, which stays the same object until its trigger is changed: all are asked at every upload. */
const cut = new WeakMap<readonly string[], readonly (readonly string[])[]>();

/** Whether a name fits one of the patterns, in which `*` stands for anything; case makes no difference. */
export const fitsName = (name: string, patterns: readonly string[]): boolean => {
	let all = cut.get(patterns);
	if (!all) {
		all = patterns.map((pattern) => pattern.normalize('NFC').toLowerCase().split('*'));
		cut.set(patterns, all);
	}
	const text = name.toLowerCase();
	return all.some((pieces) => fitsPieces(text, pieces));
};

/** Whether it is the name of something that no person means. */
export const isClutter = (name: string): boolean => fitsName(name, CLUTTER_NAMES);

/** Whether a program that is not done yet calls it so, and will give it another name. */
export const isTemporary = (path: string): boolean => {
	const names = path.slice(1).split('/');
	return fitsName(names.pop() ?? '', TEMPORARY_NAMES) || names.some((name) => fitsName(name, TEMPORARY_FOLDERS));
};

/** Piece after piece is looked for from the left, so that no pattern takes long. */
const fitsPieces = (text: string, pieces: readonly string[]): boolean => {
	const first = pieces[0] ?? '';
	if (pieces.length === 1) return text === first;
	const last = pieces.at(-1) ?? '';
	if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
	const end = text.length - last.length;
	let at = first.length;
	for (const piece of pieces.slice(1, -1)) {
		const found = text.indexOf(piece, at);
		if (found < 0 || found + piece.length > end) return false;
		at = found + piece.length;
	}
	return true;
};
