import { writeStoredZip } from '../files/stored-zip.ts';
import type { ZipEntry } from '../files/zip-records.ts';
import { errorFacts } from './error-facts.ts';
import { Pseudonyms } from './pseudonyms.ts';
import type { Section } from './sections.ts';

/** Of one file in the bundle, bytes; a larger one is left out, and that is said. */
const MOST_BYTES = 2 * 1024 * 1024;

const README = (
	at: string,
	sections: readonly Section[],
): string => `A diagnosis of a Millrace coordinator, made at ${at} (UTC), to be given to whoever helps.

${sections.map(({ file, about }) => `${file.padEnd(16)}${about}`).join('\n')}

Not in it: passwords, tokens, keys, secrets, file names, contents, parameters, results, addresses, paths, what people wrote,
and the words of errors, which name such things; of errors there are kinds, codes and places in the program. Names of
people, nodes, queues and the like are replaced by words such as node-3f9a0c21be: the same name has the same word in this
bundle, and another one in the next. The key for that was thrown away.
`;

type Entry = ZipEntry & { content: Buffer };

/** A bundle that tells how a coordinator is without telling of the people who use it. */
export class Diagnosis {
	readonly #sections: readonly Section[];

	constructor(sections: readonly Section[]) {
		this.#sections = sections;
	}

	/** Writes it as a zip. Each file is made when its turn comes; one that cannot be made says so. */
	writeTo(send: (piece: Buffer) => Promise<void>): Promise<void> {
		return writeStoredZip(this.#entries(), async ({ content }: Entry) => content, send);
	}

	async *#entries(): AsyncGenerator<Entry> {
		const now = Date.now();
		const names = new Pseudonyms();
		const entry = (path: string, text: string): Entry => {
			const content = Buffer.from(text);
			return { path, kind: 'file', size: content.length, modifiedAt: now, content };
		};
		yield entry('README.txt', README(new Date(now).toISOString(), this.#sections));
		for (const section of this.#sections) yield entry(section.file, await textOf(section, names));
	}
}

const textOf = async ({ gather }: Section, names: Pseudonyms): Promise<string> => {
	try {
		const found = await gather(names);
		const text = typeof found === 'string' ? found : `${JSON.stringify(found, null, '\t')}\n`;
		if (Buffer.byteLength(text) <= MOST_BYTES) return text;
		return `${JSON.stringify({ leftOut: 'it is too large', bytes: Buffer.byteLength(text) })}\n`;
	} catch (error) {
		return `${JSON.stringify({ cannotBeTold: errorFacts(error) })}\n`;
	}
};
