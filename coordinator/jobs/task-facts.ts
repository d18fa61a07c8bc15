import type { Json } from '../../shared/protocol/json.ts';

/** What a task's success tells about the file it was run on. */
export interface TaskFacts {
	facts: Record<string, Json>;
	/** Name of the output that is the file's thumbnail from now on. */
	thumbnail: string | null;
}

type Result = Record<string, Json>;

/** A picture larger than this is a result, not something to show in every list. Pixels. */
const LARGEST_THUMBNAIL = 512;

const textFact = (result: Result, name: string, shape: RegExp): Record<string, Json> =>
	typeof result[name] === 'string' && shape.test(result[name]) ? { [name]: result[name] } : {};

const MD5 = /^[0-9a-f]{32}$/;
const SHA1 = /^[0-9a-f]{40}$/;
const SHA512 = /^[0-9a-f]{128}$/;
/** As RFC 6838 restricts names. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;

const IMAGE_FACTS = ['width', 'height', 'format', 'orientation', 'takenAt', 'hasAlpha', 'pages'];

const imageFacts = (result: Result): Record<string, Json> =>
	Object.fromEntries(
		IMAGE_FACTS.map((name) => [name, result[name]] as const).filter(
			(entry): entry is [string, string | number | boolean] =>
				['number', 'boolean'].includes(typeof entry[1]) || (typeof entry[1] === 'string' && entry[1].length <= 255),
		),
	);

/** Checksums of a single file are facts of it; its SHA-256 the coordinator knows better. */
const checksumFacts = ({ files }: Result): Record<string, Json> => {
	const [file] = Array.isArray(files) && files.length === 1 ? files : [];
	const isRecord = typeof file === 'object' && file !== null && !Array.isArray(file);
	return isRecord ? { ...textFact(file, 'sha1', SHA1), ...textFact(file, 'sha512', SHA512) } : {};
};

/** By task type; a result is an agent's word, so only named facts of the expected kind get through. */
const FACTS: Readonly<Record<string, (result: Result, outputs: readonly string[]) => TaskFacts>> = {
	md5: (result) => ({ facts: textFact(result, 'md5', MD5), thumbnail: null }),
	mimetype: (result) => ({ facts: textFact(result, 'mimetype', MEDIA_TYPE), thumbnail: null }),
	checksum: (result) => ({ facts: checksumFacts(result), thumbnail: null }),
	imagefacts: (result) => ({ facts: imageFacts(result), thumbnail: null }),
	thumbnail: (result, outputs) => {
		const source = result.source;
		const isSmall = Number(result.width) <= LARGEST_THUMBNAIL && Number(result.height) <= LARGEST_THUMBNAIL;
		return {
			facts: typeof source === 'object' && source !== null && !Array.isArray(source) ? imageFacts(source) : {},
			thumbnail: isSmall ? (outputs.find((name) => name.startsWith('thumbnail.')) ?? null) : null,
		};
	},
};

/** Null when results of this type say nothing about a file. */
export const factsOf = (type: string, result: string | null, outputs: readonly string[]): TaskFacts | null => {
	const read = Object.hasOwn(FACTS, type) ? FACTS[type] : undefined;
	return read && result !== null ? read(JSON.parse(result) as Result, outputs) : null;
};
