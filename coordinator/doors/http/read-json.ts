import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import { isWithinBounds } from '../../../shared/json-bounds.ts';
import { hasBody } from '../content/discard-rest.ts';
import type { SlowBodies } from './slow-bodies.ts';

/** What a body may hold: far more than any honest one, far less than what would hold up everybody else. */
const BOUNDS = { depth: 64, values: 500_000 };
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
/** What only somebody who wants to plant it has as a key. Fields named `constructor` are harmless after JSON.parse. */
const POISON =
	/"(?:_|\\u005[fF]){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006[fF])(?:t|\\u0074)(?:o|\\u006[fF])(?:_|\\u005[fF]){2}"\s*:/;

/** The JSON of a request's body; undefined when there is none. Throws the refusal, before reading where that is possible. */
export const readJson = async (
	request: IncomingMessage,
	mostBytes: number,
	slowBodies: SlowBodies,
): Promise<unknown> => {
	if (!hasBody(request)) return undefined;
	const { headers } = request;
	if (!JSON_TYPE.test(headers['content-type'] ?? '')) {
		throw new CodedError('unsupported-media-type', 'Send the header `Content-Type: application/json`.');
	}
	if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
		throw new CodedError('unsupported-media-type', 'Send the body as it is, without Content-Encoding.');
	}
	if (Number(headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
	return parseJson(await readAll(request, mostBytes, slowBodies));
};

const tooLarge = (mostBytes: number) =>
	new CodedError('body-too-large', `The body may have ${mostBytes.toLocaleString('en')} bytes here.`);

/** Few listeners and none taken off: this is on the way of every small write. */
const readAll = (request: IncomingMessage, mostBytes: number, slowBodies: SlowBodies): Promise<Buffer> =>
	new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let length = 0;
		const fail = (error: unknown) => {
			unwatch();
			chunks.length = 0;
			reject(error);
		};
		const unwatch = slowBodies.watch(request, 'json', () => fail(new CodedError('request-timeout')));
		request.on('data', (chunk: Buffer) => {
			length += chunk.length;
			if (length <= mostBytes) chunks.push(chunk);
			else fail(tooLarge(mostBytes));
		});
		request.on('end', () => {
			unwatch();
			resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
		});
		// A body that is cut is one, and then there is nobody to answer.
		request.on('error', fail);
	});

const parseJson = (bytes: Buffer): unknown => {
	if (!isUtf8(bytes)) throw new CodedError('bad-json', 'The body is not UTF-8.');
	const text = bytes.toString('utf8');
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw new CodedError('bad-json', undefined, { cause });
	}
	if ((text.includes('__') || text.includes('\\u')) && POISON.test(text))
		throw new CodedError('bad-json', 'The key __proto__ is not taken.');
	if (!isWithinBounds(value, BOUNDS)) {
		throw new CodedError(
			'bad-json',
			`The body may hold ${BOUNDS.values.toLocaleString('en')} values, nested ${BOUNDS.depth} deep.`,
		);
	}
	return value;
};
