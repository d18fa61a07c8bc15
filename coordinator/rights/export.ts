import type { Ledger } from '../database/ledger.ts';
import { ArchiveNames } from '../files/archive-names.ts';
import type { ContentReader } from '../files/content-reader.ts';
import { SMALL_BYTES } from '../files/small-writer.ts';
import { writeStoredZip, type ZipContent } from '../files/stored-zip.ts';
import type { WalkStep } from '../files/walk-store.ts';
import type { ZipEntry } from '../files/zip-records.ts';
import { type Person, type Place, readOtherVersions, readSection } from './export-store.ts';
import { SECTIONS } from './sections.ts';

const ROWS_AT_ONCE = 500;
/** A part of a section is in memory whole. Bytes. */
const MOST_PART = 1024 * 1024;
const VERSIONS_AT_ONCE = 200;

type Entry = ZipEntry & { content: Buffer | { sha256: string } };

export interface ExportParts {
	ledger: Ledger;
	walk: (ownerSeq: number, names: string[]) => AsyncIterable<WalkStep>;
	contents: ContentReader;
	now?: () => number;
}

const README = (at: string): string => `All that Millrace keeps about you, as of ${at} (UTC).

files/     your files as they are now, in their folders
versions/  older versions of them, and what is in the trash: <number of the version>-<name>, by the file's id
*.ndjson   records, one JSON object a line; long ones in several parts. Times are milliseconds since 1970 (UTC).

${SECTIONS.map(({ name, about }) => `${`${name}.ndjson`.padEnd(24)}${about}`).join('\n')}

A record that is not there: there is none of that kind. Passwords, tokens and secrets are kept only in a form from which
nobody can read them, so they are not in here. files.ndjson and folders.ndjson name a folder by its number; 0 is the root.
`;

/** Everything about a person as one zip, made while it is sent; nothing of it is kept anywhere. */
export class DataExport {
	readonly #parts: ExportParts;

	constructor(parts: ExportParts) {
		this.#parts = parts;
	}

	writeTo(person: Person, send: (piece: Buffer) => Promise<void>): Promise<void> {
		const { contents } = this.#parts;
		const open = async ({ content, size }: Entry): Promise<ZipContent> => {
			if (Buffer.isBuffer(content)) return content;
			const { sha256 } = content;
			return size <= SMALL_BYTES ? contents.readSmall(sha256, size) : contents.open(sha256, size);
		};
		return writeStoredZip(this.#entries(person), open, send);
	}

	async *#entries(person: Person): AsyncGenerator<Entry> {
		const now = (this.#parts.now ?? Date.now)();
		const text = (path: string, content: string | Buffer): Entry => {
			const bytes = Buffer.from(content);
			return { path, kind: 'file', size: bytes.length, modifiedAt: now, content: bytes };
		};
		yield text('README.txt', README(new Date(now).toISOString()));
		for (const { name } of SECTIONS) {
			for await (const { part, lines } of this.#partsOf(name, person)) {
				yield text(`${name}${part === 1 ? '' : `-${part}`}.ndjson`, lines);
			}
		}
		yield* this.#files(person);
		yield* this.#versions(person);
	}

	async *#partsOf(section: string, person: Person): AsyncGenerator<{ part: number; lines: string }> {
		let place: Place | null = null;
		let lines = '';
		let part = 0;
		do {
			const args = { section, person, place, limit: ROWS_AT_ONCE };
			const page: { lines: string[]; next: Place | null } = await this.#parts.ledger.read(readSection, args);
			lines += page.lines.map((line) => `${line}\n`).join('');
			place = page.next;
			if (lines.length >= MOST_PART || (place === null && lines !== '')) {
				part += 1;
				yield { part, lines };
				lines = '';
			}
		} while (place !== null);
	}

	async *#files({ seq }: Person): AsyncGenerator<Entry> {
		const names = new ArchiveNames();
		for await (const step of this.#parts.walk(seq, [])) {
			if ('file' in step) {
				const { name, size, modifiedAt, sha256 } = step.file;
				const path = `files/${names.file(step.folder, name)}`;
				yield { path, kind: 'file', size, modifiedAt, content: { sha256 } };
			} else {
				const path = `files/${names.folder(step.folder)}`;
				yield { path, kind: 'folder', size: 0, modifiedAt: 0, content: Buffer.alloc(0) };
			}
		}
	}

	async *#versions({ seq: ownerSeq }: Person): AsyncGenerator<Entry> {
		const names = new ArchiveNames();
		const folders = new Set<string>();
		let place = { fileSeq: 0, number: 0 };
		for (;;) {
			const page = await this.#parts.ledger.read(readOtherVersions, { ownerSeq, ...place, limit: VERSIONS_AT_ONCE });
			for (const { file, number, name, size, at, sha256 } of page) {
				if (!folders.has(file)) names.folder(file);
				folders.add(file);
				const path = `versions/${names.file(file, `${number}-${name}`)}`;
				yield { path, kind: 'file', size, modifiedAt: at, content: { sha256 } };
			}
			const last = page.at(-1);
			if (last === undefined || page.length < VERSIONS_AT_ONCE) return;
			place = last;
		}
	}
}
