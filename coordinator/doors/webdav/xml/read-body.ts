import type { IncomingMessage } from 'node:http';
import { CodedError } from '../../../../shared/coded-error.ts';
import { hasBody } from '../../content/discard-rest.ts';
import { MOST_XML_BYTES, parseXml } from './read-xml.ts';
import type { XmlElement } from './xml-element.ts';

/** The XML of a request's body; null when there is no body. */
export const readXml = async (request: IncomingMessage): Promise<XmlElement | null> =>
	hasBody(request) ? parseXml(await readAll(request)) : null;

const tooLarge = () => new CodedError('body-too-large', `The body may have ${MOST_XML_BYTES} bytes here.`);

/** Nothing is set aside by what the sender says of its length: only what has come is kept. */
const readAll = (request: IncomingMessage): Promise<Buffer> =>
	new Promise((resolve, reject) => {
		const { headers } = request;
		if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
			throw new CodedError('unsupported-media-type', 'Send the body as it is, without Content-Encoding.');
		}
		if (Number(headers['content-length'] ?? 0) > MOST_XML_BYTES) throw tooLarge();
		const pieces: Buffer[] = [];
		let length = 0;
		request.on('data', (piece: Buffer) => {
			length += piece.length;
			if (length <= MOST_XML_BYTES) pieces.push(piece);
			else reject(tooLarge());
		});
		request.on('end', () => resolve(Buffer.concat(pieces)));
		request.on('error', (cause) => reject(new CodedError('incomplete-body', undefined, { cause })));
		request.on('close', () => reject(new CodedError('incomplete-body')));
	});
