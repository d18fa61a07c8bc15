import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { fastify } from 'fastify';
import type { AccountEvents } from '../../accounts/account-events.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { ClientAddresses } from '../../accounts/client-address.ts';
import type { Announcer } from '../../report/announcer.ts';
import type { Logger } from '../../report/logger.ts';
import type { OnRefused } from './error-reply.ts';
import { answerClientError, Front } from './front.ts';
import { Gate, STRANGER_RATES, type StrangerRates } from './gate.ts';
import { InFlight } from './in-flight.ts';
import type { Mount } from './mount.ts';
import { OpenBodies } from './open-bodies.ts';
import { openRoutes } from './open-routes.ts';
import type { AnyRoute } from './route.ts';
import { SecurityHeaders } from './security-headers.ts';
import type { FrameParts } from './serve-route.ts';
import { type BodyPace, SlowBodies } from './slow-bodies.ts';

export type { Mount } from './mount.ts';

export interface HttpDoorOptions {
	accounts: Pick<Accounts, 'authenticator'>;
	/** Tells of people who are shut out: what streams for them is cut. */
	announcer: Announcer<AccountEvents>;
	logger: Logger;
	routes: readonly AnyRoute[];
	mounts?: readonly Mount[];
	/** Where the built portal is; null serves none. */
	pagesFolder: string | null;
	/** Addresses and networks of proxies that are believed what they say of the client. */
	trustedProxies?: readonly string[];
	/** Origins of our own pages beside the host that is asked, such as the public address. */
	origins?: readonly string[];
	tls?: { cert: Buffer; key: Buffer } | null;
	/** Whether passwords are taken over plain HTTP from other machines too. */
	allowPlainBasic?: boolean;
	/** Told of every answer; `tag` is the route's. */
	onAnswered?: FrameParts['onAnswered'];
	onRefused?: OnRefused;
	/** For tests: answers must fit what the routes declare. */
	checkAnswers?: boolean;
	bodyPace?: BodyPace;
	strangerRates?: StrangerRates;
	/** The clock by which a session's password was shown lately. */
	now?: () => number;
}

const HEADERS_WITHIN_MS = 15_000;
const KEEP_ALIVE_MS = 65_000;
/** A connection on which nothing at all moves for so long while a request is under way is cut. */
const STALLED_MS = 60_000;
const MOST_HEADER_BYTES = 16 * 1024;
const CLOSE_WITHIN_MS = 5_000;
const LOOK_WHILE_CLOSING_MS = 50;

/** The HTTP door: the server that sockets are attached to, and the frame around all routes. */
export class HttpDoor implements AsyncDisposable {
	readonly server: http.Server | https.Server;
	readonly #front: Front;
	readonly #slowBodies: SlowBodies;
	readonly #openBodies: OpenBodies;
	readonly #sockets = new Set<Socket>();

	private constructor(server: http.Server | https.Server, front: Front, { slowBodies, openBodies }: FrameParts) {
		this.server = server;
		this.#front = front;
		this.#slowBodies = slowBodies;
		this.#openBodies = openBodies;
		server.on('request', (request, response) => front.take(request, response));
		server.on('checkContinue', (request, response) => front.takeExpecting(request, response));
		server.on('clientError', answerClientError);
		server.on('connection', (socket: Socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
		});
	}

	/** Builds it; it listens when told to. */
	static async open(options: HttpDoorOptions): Promise<HttpDoor> {
		const { logger, tls = null, onAnswered = () => {} } = options;
		const addresses = new ClientAddresses(options.trustedProxies ?? []);
		const parts: FrameParts = {
			gate: new Gate({
				accounts: options.accounts,
				addresses,
				origins: options.origins ?? [],
				rates: options.strangerRates ?? STRANGER_RATES,
				allowPlainBasic: options.allowPlainBasic ?? false,
				now: options.now ?? Date.now,
			}),
			inFlight: new InFlight(),
			slowBodies: new SlowBodies(options.bodyPace),
			openBodies: new OpenBodies({ announcer: options.announcer, logger }),
			securityHeaders: new SecurityHeaders(tls !== null),
			logger,
			onAnswered,
			onRefused: options.onRefused ?? (() => {}),
			checkAnswers: options.checkAnswers ?? false,
		};
		// Fastify has the router and the ways of an answer; the server, its guards and the parsers are ours.
		const app = fastify({
			logger: false,
			exposeHeadRoutes: false,
			trustProxy: (address) => addresses.isTrusted(address),
			routerOptions: { maxParamLength: MOST_HEADER_BYTES },
			frameworkErrors: (error, request, reply) => frameworkError(error, request.raw, reply.raw),
		});
		const frameworkError = await openRoutes(app, { ...options, parts });
		const routes = (request: http.IncomingMessage, response: http.ServerResponse) => app.routing(request, response);
		const front = new Front({ mounts: options.mounts ?? [], routes, parts });
		return new HttpDoor(makeServer(tls), front, parts);
	}

	async listen(host: string, port: number): Promise<{ port: number }> {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, host, () => {
				this.server.off('error', reject);
				resolve();
			});
		});
		return { port: (this.server.address() as AddressInfo).port };
	}

	/** Refuses new requests, lets those under way end for a while, then cuts what is left, sockets of other doors too. */
	async close(withinMs = CLOSE_WITHIN_MS): Promise<void> {
		this.#front.isClosing = true;
		const closed = new Promise<void>((resolve) => {
			// Somebody else may have stopped the listening; the connections are still there.
			this.server.close(() => resolve());
			if (this.#sockets.size === 0) resolve();
		});
		// A connection is idle only when its answer is out: the server's own closing sees those that are idle at once.
		const idle = setInterval(() => this.server.closeIdleConnections(), LOOK_WHILE_CLOSING_MS);
		const cut = setTimeout(() => {
			for (const socket of this.#sockets) socket.destroy();
		}, withinMs);
		await closed;
		clearInterval(idle);
		clearTimeout(cut);
		this.#slowBodies.close();
		this.#openBodies.close();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}
}

/** Node's own limit on whole requests is off: it would end large uploads. SlowBodies has other ways. */
const makeServer = (tls: HttpDoorOptions['tls']): http.Server | https.Server => {
	const guards = {
		headersTimeout: HEADERS_WITHIN_MS,
		requestTimeout: 0,
		keepAliveTimeout: KEEP_ALIVE_MS,
		connectionsCheckingInterval: 5_000,
		maxHeaderSize: MOST_HEADER_BYTES,
		noDelay: true,
	};
	const server = tls ? https.createServer({ ...guards, ...tls }) : http.createServer(guards);
	server.timeout = STALLED_MS;
	return server;
};
