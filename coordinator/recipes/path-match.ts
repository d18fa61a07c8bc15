/** Whether a path lies in a folder (`/` is all), or deeper in it. */
export const liesIn = (path: string, folder: string, recursive: boolean): boolean => {
	const above = folder === '/' ? '/' : `${folder}/`;
	return path.startsWith(above) && (recursive || !path.includes('/', above.length));
};

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * Whether a name fits a pattern in which `*` stands for anything; case makes no difference. Piece after piece is looked
 * for from the left, so that no pattern takes long.
 */
export const fitsName = (name: string, pattern: string): boolean => {
	const text = name.toLowerCase();
	const pieces = pattern.normalize('NFC').toLowerCase().split('*');
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
