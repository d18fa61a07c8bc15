import type { FileHandle } from 'node:fs/promises';

const MOST_SECTORS = 64;
const ENTRY_BYTES = 128;

/** Streams that give away what program wrote the file. */
const STREAMS: Readonly<Record<string, string>> = {
	WordDocument: 'application/msword',
	Workbook: 'application/vnd.ms-excel',
	Book: 'application/vnd.ms-excel',
	'PowerPoint Document': 'application/vnd.ms-powerpoint',
	VisioDocument: 'application/vnd.visio',
	'__properties_version1.0': 'application/vnd.ms-outlook',
};
const UNKNOWN = 'application/CDFV2';

/** What is in an old Office file (a compound file): its directory names the streams. */
export const cfbType = async (file: FileHandle): Promise<string> => {
	const head = Buffer.alloc(512);
	const { bytesRead } = await file.read(head, 0, head.length, 0);
	if (bytesRead < head.length) return UNKNOWN;
	const sectorBytes = 2 ** Math.min(head.readUInt16LE(30), 12);
	const sector = Buffer.alloc(sectorBytes);
	const readSector = async (index: number): Promise<boolean> =>
		(await file.read(sector, 0, sectorBytes, (index + 1) * sectorBytes)).bytesRead === sectorBytes;
	const perSector = sectorBytes / 4;
	let at = head.readUInt32LE(48);
	for (let looked = 0; looked < MOST_SECTORS && (await readSector(at)); looked++) {
		for (let entry = 0; entry + ENTRY_BYTES <= sectorBytes; entry += ENTRY_BYTES) {
			const length = Math.min(Math.max(sector.readUInt16LE(entry + 64) - 2, 0), 62);
			const name = sector.toString('utf16le', entry, entry + length);
			if (Object.hasOwn(STREAMS, name)) return STREAMS[name] ?? UNKNOWN;
		}
		// The next one of the chain, by way of the allocation table; its first 109 sectors are listed in the header.
		const table = Math.floor(at / perSector);
		if (table >= 109 || !(await readSector(head.readUInt32LE(76 + table * 4)))) break;
		at = sector.readUInt32LE((at % perSector) * 4);
	}
	return UNKNOWN;
};
