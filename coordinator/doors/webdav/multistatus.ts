import type { ServerResponse } from 'node:http';
import { XML_HEAD, XML_TYPE } from './xml/write-xml.ts';
import { DECLARED } from './xml/xml-element.ts';

/** Collected before they are sent. */
const PIECE_CHARACTERS = 64 * 1024;

const HEAD = `${XML_HEAD}<D:multistatus ${DECLARED}>\n`;
const END = '</D:multistatus>\n';

/**
 * A 207 that is sent while it is made, in pieces, no faster than it is taken. Until the first piece is full nothing is
 * said, so that a refusal can still be told; what is short goes out in one.
 */
export class Multistatus {
	readonly #response: ServerResponse;
	#text = HEAD;

	constructor(response: ServerResponse) {
		this.#response = response;
	}

	/** Nobody takes it any more. */
	get isGone(): boolean {
		return this.#response.destroyed;
	}

	/** Adds what is a `response` or several; resolves when there is room for more. */
	add(text: string): Promise<void> | null {
		this.#text += text;
		return this.#text.length < PIECE_CHARACTERS ? null : this.#flush();
	}

	end(): void {
		const last = Buffer.from(this.#text + END);
		if (!this.#response.headersSent) {
			this.#response.writeHead(207, { 'content-type': XML_TYPE, 'content-length': last.length });
		}
		this.#response.end(last);
	}

	#flush(): Promise<void> | null {
		const response = this.#response;
		const piece = Buffer.from(this.#text);
		this.#text = '';
		if (this.isGone) return null;
		if (!response.headersSent) response.writeHead(207, { 'content-type': XML_TYPE });
		if (response.write(piece)) return null;
		return new Promise((resolve) => {
			const goOn = () => {
				response.off('drain', goOn).off('close', goOn);
				resolve();
			};
			response.on('drain', goOn).on('close', goOn);
		});
	}
}

/** One resource's answer: what was found or done, and what was not, by status. */
export const responseOf = (
	href: string,
	propstats: readonly { status: string; properties: string; error?: string }[],
) => {
	let text = `<D:response><D:href>${href}</D:href>`;
	for (const { status, properties, error } of propstats) {
		text += `<D:propstat><D:prop>${properties}</D:prop><D:status>HTTP/1.1 ${status}</D:status>`;
		if (error !== undefined) text += `<D:error>${error}</D:error>`;
		text += '</D:propstat>';
	}
	return `${text}</D:response>\n`;
};
