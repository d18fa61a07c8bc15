/** No answer came: the server is down, the address is wrong, the network is cut, or it took too long. Trying again may help. */
export class UnreachableError extends Error {
	/** Scheme, host and port that did not answer. */
	readonly server: string;
	/** False when somebody has to change something first, as with a certificate that is not trusted. */
	readonly mayPass: boolean;

	constructor(server: string, detail: string, options: { cause?: unknown; mayPass?: boolean } = {}) {
		super(detail, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = 'UnreachableError';
		this.server = server;
		this.mayPass = options.mayPass ?? true;
	}
}

/** An answer came, but not one of Millrace's: another server, a proxy's error page, or a shape this version does not know. */
export class UnexpectedAnswerError extends Error {
	readonly status: number;

	constructor(status: number, detail: string, options: { cause?: unknown } = {}) {
		super(detail, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = 'UnexpectedAnswerError';
		this.status = status;
	}

	/** A proxy whose server is away says 502, 503 or 504; that passes. */
	shouldRetry(): boolean {
		return this.status === 502 || this.status === 503 || this.status === 504;
	}
}
