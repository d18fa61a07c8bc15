import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** In the form that `sha256sum --check` takes, so that a backup can be checked without Millrace, in its folder. */
const lineOf = (sha256: string): string => `${sha256}  blobs/${sha256.slice(0, 2)}/${sha256}\n`;

const LINE = /^([0-9a-f]{64}) {2}blobs\/[0-9a-f]{2}\/\1$/;

/** Writes the list of a backup's content, in the order of hashes. */
export class ContentsWriter {
	readonly #file: FileHandle;
	readonly #hash = createHash('sha256');
	count = 0;
	bytes = 0;

	private constructor(file: FileHandle) {
		this.#file = file;
	}

	static async create(path: string): Promise<ContentsWriter> {
		return new ContentsWriter(await open(path, 'wx', 0o600));
	}

	async add(blobs: readonly { sha256: string; size: number }[]): Promise<void> {
		const text = blobs.map(({ sha256 }) => lineOf(sha256)).join('');
		this.#hash.update(text);
		this.count += blobs.length;
		for (const { size } of blobs) this.bytes += size;
		await this.#file.writeFile(text);
	}

	/** The list is on disk when this resolves. */
	async finish(): Promise<{ count: number; bytes: number; sha256: string }> {
		await this.#file.sync();
		return { count: this.count, bytes: this.bytes, sha256: this.#hash.digest('hex') };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#file.close();
	}
}

/** The hashes in a list of content, in order. Throws for a line that is none. */
export async function* readContents(path: string): AsyncGenerator<string> {
	for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
		const sha256 = LINE.exec(line)?.[1];
		if (sha256 === undefined) throw new Error(`${path} holds a line that names no content`);
		yield sha256;
	}
}
