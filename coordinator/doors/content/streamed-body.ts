import type { ServerResponse } from 'node:http';

/** What a handler answers when its body is bytes: status and headers are said, these follow them. */
export class StreamedBody {
	/** Writes the body and ends the answer. A rejection after the first byte can only cut it. */
	readonly writeTo: (response: ServerResponse) => Promise<void>;

	constructor(writeTo: StreamedBody['writeTo']) {
		this.writeTo = writeTo;
	}
}
