import { Agent as PlainAgent } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { certificateOf, type SeenCertificate } from './pins.ts';

/** Until a connection stands. */
const CONNECT_MS = 10_000;
const OPTIONS: AgentOptions = { keepAlive: true, maxSockets: 24, maxFreeSockets: 4 };

/** No connection came about in time. */
export class ConnectTimeout extends Error {}

type Judge = (certificate: SeenCertificate) => Error | null;

/**
 * Opens connections that the judge has agreed to. Authorities count for nothing here: a person has looked at the
 * certificate. Nothing is written to a connection before its certificate was judged.
 */
class PinnedAgent extends Agent {
	readonly #judge: Judge;

	constructor(judge: Judge) {
		// A resumed session would come without a certificate to judge.
		super({ ...OPTIONS, maxCachedSessions: 0 });
		this.#judge = judge;
	}

	override createConnection(...[options, opened]: Parameters<Agent['createConnection']>): undefined {
		const socket = connect({ ...(options as ConnectionOptions), rejectUnauthorized: false });
		const timer = setTimeout(() => socket.destroy(new ConnectTimeout()), CONNECT_MS);
		const fail = (error: Error) => {
			clearTimeout(timer);
			opened?.(error, socket);
		};
		socket.once('error', fail);
		socket.once('secureConnect', () => {
			const refusal = this.#judgement(socket);
			if (refusal !== null) {
				socket.destroy(refusal);
				return;
			}
			clearTimeout(timer);
			socket.off('error', fail);
			opened?.(null, socket);
		});
	}

	#judgement(socket: TLSSocket): Error | null {
		try {
			return this.#judge(certificateOf(socket));
		} catch (error) {
			return error as Error;
		}
	}
}

/** The same patience for a coordinator on this machine without TLS. */
class LoopbackAgent extends PlainAgent {
	override createConnection(...args: Parameters<PlainAgent['createConnection']>) {
		const socket = super.createConnection(...args) as Socket;
		const timer = setTimeout(() => socket.destroy(new ConnectTimeout()), CONNECT_MS);
		socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
		return socket;
	}
}

/** What opens connections to an address. */
export const agentFor = (url: string, judge: Judge): PlainAgent =>
	new URL(url).protocol === 'https:' ? new PinnedAgent(judge) : new LoopbackAgent(OPTIONS);
