import type { ServerResponse } from 'node:http';

/** Headers of every answer, whatever it is. Pages loosen the policy, content tightens it. */
export class SecurityHeaders {
	readonly #pairs: readonly (readonly [name: string, value: string])[];
	/** Names and values in turn, as `writeHead` takes them, for a JSON answer of a route. */
	readonly forJson: readonly string[];

	constructor(isTls: boolean) {
		this.#pairs = [
			['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
			['cross-origin-opener-policy', 'same-origin'],
			['cross-origin-resource-policy', 'same-origin'],
			['referrer-policy', 'no-referrer'],
			['x-content-type-options', 'nosniff'],
			...(isTls ? ([['strict-transport-security', 'max-age=31536000']] as const) : []),
		];
		this.forJson = [
			...this.#pairs.flat(),
			'cache-control',
			'no-store',
			'content-type',
			'application/json; charset=utf-8',
		];
	}

	/** Sets them before the answer begins; what is set otherwise later goes before. */
	applyTo(response: ServerResponse): void {
		for (const [name, value] of this.#pairs) response.setHeader(name, value);
		if (!response.hasHeader('cache-control')) response.setHeader('cache-control', 'no-store');
	}
}
