import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fileTypeFromTokenizer } from 'file-type';
import { FileTokenizer } from 'strtok3';
import { refineBinary } from './binary-names.ts';
import { isJson } from './json-shape.ts';
import { textOf } from './text-of.ts';
import { detectText } from './text-rules.ts';

/** What tells text from data, as in file(1). */
const HEAD_BYTES = 64 * 1024;
/** JSON is looked at further than other text, since its end says whether it is JSON. */
const JSON_BYTES = 1024 * 1024;

const UNKNOWN = 'application/octet-stream';
/** Binary-looking names for formats that are text: nothing to be wondered at when the content reads as text. */
const TEXTUAL = new Set([
	'application/pdf',
	'application/postscript',
	'application/eps',
	'application/rtf',
	'application/pgp-encrypted',
	'application/x-ms-regedit',
	'application/x-unix-archive',
	'application/x-deb',
	'application/x-spss-sav',
	'model/stl',
	'text/calendar',
	'text/vcard',
	'text/vtt',
]);

const readAt = async (file: FileHandle, most: number): Promise<Buffer> => {
	const buffer = Buffer.alloc(most);
	let filled = 0;
	while (filled < most) {
		const { bytesRead } = await file.read(buffer, filled, most - filled, filled);
		if (bytesRead === 0) break;
		filled += bytesRead;
	}
	return buffer.subarray(0, filled);
};

/** Reads from an open file and leaves it open: whoever opened it closes it. */
class BorrowedFile extends FileTokenizer {
	constructor(file: FileHandle, size: number) {
		super(file, { fileInfo: { size } });
	}

	override async close(): Promise<void> {}
}

/** file-type's answer. It skips through the file within limits of its own; damaged content makes it throw. */
const signatureOf = async (file: FileHandle, size: number): Promise<string | null> => {
	try {
		const tokenizer = new BorrowedFile(file, size);
		return (await fileTypeFromTokenizer(tokenizer))?.mime ?? null;
	} catch {
		// Cut off or malformed after a promising beginning: as good as no signature.
		return null;
	}
};

const detect = async (file: FileHandle): Promise<string> => {
	const { size } = await file.stat();
	if (size === 0) return 'inode/x-empty';
	const head = await readAt(file, Math.min(size, HEAD_BYTES));
	// One byte says nothing.
	if (head.length < 2) return UNKNOWN;
	// file-type would unpack it to look for an archive inside.
	if (head[0] === 0x1f && head[1] === 0x8b) return 'application/gzip';
	const text = textOf(head);
	if (text?.hasWideMark) return detectText(text.text);
	const signature = await signatureOf(file, size);
	// A signature of two letters, such as BM, begins many a text.
	if (signature !== null && signature !== 'application/xml' && (text === null || TEXTUAL.has(signature))) {
		return refineBinary(signature, file);
	}
	if (text === null) return UNKNOWN;
	if (/^[ \t\r\n]*[{[]/.test(text.text)) {
		const more = size > head.length ? textOf(await readAt(file, Math.min(size, JSON_BYTES)), JSON_BYTES) : text;
		const shape = more === null ? null : isJson(more.text, size <= JSON_BYTES);
		if (shape !== null) return shape;
	}
	return detectText(text.text);
};

/** The media type of a file by its content. Reads its beginning and what its format points to, never the whole. */
export const detectFile = async (path: string, flags = 0): Promise<{ mimetype: string }> => {
	const file = await open(path, constants.O_RDONLY | flags);
	try {
		return { mimetype: await detect(file) };
	} finally {
		await file.close();
	}
};
