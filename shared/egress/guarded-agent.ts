import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import { checkUrl, type EgressAllow, isAllowedUrl } from './check-url.ts';
import { EgressFailure } from './egress-failure.ts';
import { guardedLookup, type Resolve, resolveBySystem } from './guarded-lookup.ts';

type CreateConnection = Agent['createConnection'];

/**
 * The guard for libraries that do their own HTTPS: the same rules and the same lookup, and a connection that brings more
 * bytes than are wanted is cut.
 */
export class GuardedAgent extends Agent {
	readonly #allow: EgressAllow;
	readonly #maxBytes: number;
	readonly #resolve: Resolve;
	#trouble: unknown = null;

	constructor(options: { allow: EgressAllow; maxBytes: number; ca?: string; resolve?: Resolve }) {
		// A connection of its own for each question, so that the bytes of one are counted.
		super({ keepAlive: false, ...(options.ca === undefined ? {} : { ca: options.ca }) });
		this.#allow = options.allow;
		this.#maxBytes = options.maxBytes;
		this.#resolve = options.resolve ?? resolveBySystem;
	}

	/** What went wrong with a connection since this was last asked; null: nothing. For libraries that swallow it. */
	takeTrouble(): unknown {
		const trouble = this.#trouble;
		this.#trouble = null;
		return trouble;
	}

	override createConnection(...[options, callback]: Parameters<CreateConnection>): ReturnType<CreateConnection> {
		const { host, port } = options as { host?: string; port?: number | string };
		const name = host?.includes(':') ? `[${host}]` : host;
		let url: URL;
		try {
			url = checkUrl(`https://${name}:${port ?? 443}`, { allow: this.#allow, http: false });
		} catch (error) {
			this.#trouble = error;
			// Told as a connection's failure is: what asks may have no other ear.
			process.nextTick(() => callback?.(error as Error, undefined as never));
			return undefined;
		}
		const lookup = guardedLookup(this.#resolve, isAllowedUrl(url, this.#allow));
		const socket = super.createConnection({ ...options, lookup } as typeof options, callback);
		if (socket) {
			socket.on('error', (error) => {
				this.#trouble ??= error;
			});
			this.#count(socket, url.host);
		}
		return socket;
	}

	#count(socket: Duplex, host: string): void {
		let bytes = 0;
		socket.on('data', (chunk: Buffer) => {
			bytes += chunk.length;
			if (bytes <= this.#maxBytes) return;
			socket.destroy(new EgressFailure('answer-too-large', `${host} answers more than ${this.#maxBytes} bytes.`));
		});
	}
}
