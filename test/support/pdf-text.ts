import { inflateSync } from 'node:zlib';

interface Piece {
	dictionary: string;
	stream: string;
}

const piecesOf = (pdf: Buffer): Map<number, Piece> => {
	const text = pdf.toString('latin1');
	const pieces = new Map<number, Piece>();
	for (const [, number, body = ''] of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
		const at = body.indexOf('stream\n');
		const dictionary = at === -1 ? body : body.slice(0, at);
		const raw = at === -1 ? '' : body.slice(at + 7, body.lastIndexOf('\nendstream'));
		const bytes = Buffer.from(raw, 'latin1');
		const stream = dictionary.includes('/FlateDecode') ? inflateSync(bytes) : bytes;
		pieces.set(Number(number), { dictionary, stream: stream.toString('latin1') });
	}
	return pieces;
};

const fromHex = (hex: string): string => {
	const units = hex.match(/.{4}/g) ?? [];
	return String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
};

/** What the codes of a font stand for. */
const charactersOf = (map: string): Map<number, string> => {
	const found = new Map<number, string>();
	for (const [, first = '', list = ''] of map.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
		const codes = list.match(/<[0-9a-f]*>/g) ?? [];
		for (const [at, code] of codes.entries()) found.set(Number.parseInt(first, 16) + at, fromHex(code.slice(1, -1)));
	}
	return found;
};

/** The lines on each page of a PDF with embedded fonts, as somebody would copy them out of it. */
export const pdfText = (pdf: Buffer): string[][] => {
	const pieces = piecesOf(pdf);
	const fonts = new Map<string, Map<number, string>>();
	for (const { dictionary } of pieces.values()) {
		for (const [, name = '', number] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
			const map = /\/ToUnicode (\d+) 0 R/.exec(pieces.get(Number(number))?.dictionary ?? '')?.[1];
			fonts.set(name, charactersOf(pieces.get(Number(map))?.stream ?? ''));
		}
	}
	const pages: string[][] = [];
	for (const { dictionary } of pieces.values()) {
		const content = /\/Type \/Page\n[\s\S]*\/Contents (\d+) 0 R|\/Contents (\d+) 0 R[\s\S]*\/Type \/Page\n/.exec(
			`${dictionary}\n`,
		);
		if (!content) continue;
		const lines: string[] = [];
		let font = new Map<number, string>();
		const stream = pieces.get(Number(content[1] ?? content[2]))?.stream ?? '';
		for (const [, name, shown] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
			if (name !== undefined) font = fonts.get(name) ?? new Map();
			if (shown === undefined) continue;
			const hex = [...shown.matchAll(/<([0-9a-f]*)>/g)].map(([, codes]) => codes).join('');
			const codes = hex.match(/.{4}/g) ?? [];
			lines.push(codes.map((code) => font.get(Number.parseInt(code, 16)) ?? '\ufffd').join(''));
		}
		pages.push(lines);
	}
	return pages;
};
