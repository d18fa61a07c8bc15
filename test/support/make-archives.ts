import { crc32, deflateRawSync } from 'node:zlib';

export interface ArchiveEntry {
	name: string;
	content: string | Buffer;
	/** Default: stored as it is. */
	isDeflated?: boolean;
}

/** A zip archive of the entries, in their order. */
export const makeZip = (entries: readonly ArchiveEntry[]): Buffer => {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let at = 0;
	for (const { name, content, isDeflated = false } of entries) {
		const plain = Buffer.from(content);
		const stored = isDeflated ? deflateRawSync(plain) : plain;
		const facts = Buffer.alloc(26);
		facts.writeUInt16LE(20, 0);
		facts.writeUInt16LE(isDeflated ? 8 : 0, 4);
		facts.writeUInt32LE(crc32(plain), 10);
		facts.writeUInt32LE(stored.length, 14);
		facts.writeUInt32LE(plain.length, 18);
		facts.writeUInt16LE(Buffer.byteLength(name), 22);
		const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), stored]);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(at, 10);
		directory.push(
			Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), facts, tail, Buffer.from(name)]),
		);
		parts.push(local);
		at += local.length;
	}
	const list = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.write('PK\x05\x06', 'latin1');
	end.writeUInt16LE(entries.length, 8);
	end.writeUInt16LE(entries.length, 10);
	end.writeUInt32LE(list.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...parts, list, end]);
};

/** A tar archive (ustar) of the entries. */
export const makeTar = (entries: readonly ArchiveEntry[]): Buffer => {
	const blocks = entries.flatMap(({ name, content }) => {
		const body = Buffer.from(content);
		const header = Buffer.alloc(512);
		header.write(name, 0);
		header.write('0000644\0', 100);
		header.write('0000000\0', 108);
		header.write('0000000\0', 116);
		header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
		header.write('00000000000\0', 136);
		header.write('        0', 148);
		header.write('ustar\x0000', 257);
		const sum = header.reduce((total, byte) => total + byte, 0);
		header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
		return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
	});
	return Buffer.concat([...blocks, Buffer.alloc(1024)]);
};

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OOXML = {
	docx: { part: 'word/document.xml', type: `${OFFICE}.wordprocessingml.document` },
	xlsx: { part: 'xl/workbook.xml', type: `${OFFICE}.spreadsheetml.sheet` },
	pptx: { part: 'ppt/presentation.xml', type: `${OFFICE}.presentationml.presentation` },
};

/** A document as Microsoft Office packs it, with next to nothing in it. */
export const makeOoxml = (kind: keyof typeof OOXML): Buffer => {
	const { part, type } = OOXML[kind];
	const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${part}" ContentType="${type}.main+xml"/></Types>`;
	return makeZip([
		{ name: '[Content_Types].xml', content: types, isDeflated: true },
		{ name: '_rels/.rels', content: '<Relationships/>', isDeflated: true },
		{ name: part, content: '<document/>', isDeflated: true },
	]);
};

/** A document as LibreOffice packs it, with next to nothing in it: `text`, `spreadsheet`, `presentation`. */
export const makeOdf = (kind: string): Buffer =>
	makeZip([
		{ name: 'mimetype', content: `application/vnd.oasis.opendocument.${kind}` },
		{ name: 'content.xml', content: '<office:document-content/>', isDeflated: true },
	]);
