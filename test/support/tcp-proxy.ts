import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Pipe } from './tcp-proxy-pipe.ts';
import { Rules } from './tcp-proxy-rules.ts';

/** `up` runs from the client to the server behind the proxy, `down` back. */
export type Direction = 'up' | 'down';

interface Connection {
	client: Socket;
	server: Socket;
	pipes: Record<Direction, Pipe>;
}

const DIRECTIONS: readonly Direction[] = ['up', 'down'];

/**
 * A TCP proxy on loopback that does on command what networks do unasked: cuts, silence in one direction, delay, little
 * bandwidth, broken bytes, refusal. Rules apply to open connections and new ones until changed or `heal`ed.
 */
export class TcpProxy implements Disposable {
	readonly port: number;
	readonly #target: { host: string; port: number };
	#server: Server;
	readonly #connections = new Set<Connection>();
	readonly #rules: Record<Direction, Rules> = { up: new Rules(), down: new Rules() };
	/** Connections accepted since the start. */
	accepted = 0;

	private constructor(server: Server, target: { host: string; port: number }) {
		this.#server = server;
		this.#target = target;
		this.port = (server.address() as AddressInfo).port;
		server.on('connection', (socket) => this.#accept(socket));
	}

	/** Starts a proxy on a free port in front of a server, which need not be up yet. */
	static async listen(target: { host?: string; port: number }): Promise<TcpProxy> {
		const server = createServer({ allowHalfOpen: true });
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new TcpProxy(server, { host: target.host ?? '127.0.0.1', port: target.port });
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get openConnections(): number {
		return this.#connections.size;
	}

	/** Bytes passed on in a direction since the start. */
	bytes(direction: Direction): number {
		return this.#rules[direction].forwarded;
	}

	/** Points new connections at another port, as after a restart elsewhere. */
	retarget(port: number): void {
		this.#target.port = port;
	}

	/** Resets every open connection at both ends. */
	cutAll(): void {
		for (const connection of this.#connections) this.#cut(connection);
	}

	/** Nothing passes in that direction, not even an end; what was sent arrives when healed, if the connection lives. */
	blackHole(direction: Direction | 'both'): void {
		for (const d of direction === 'both' ? DIRECTIONS : [direction]) this.#rules[d].close();
	}

	/** Every byte arrives that much later. */
	delay(ms: number, direction: Direction | 'both' = 'both'): void {
		for (const d of direction === 'both' ? DIRECTIONS : [direction]) this.#rules[d].delayMs = ms;
	}

	/** At most so many bytes a second for each connection. */
	throttle(bytesPerSecond: number, direction: Direction | 'both' = 'both'): void {
		for (const d of direction === 'both' ? DIRECTIONS : [direction]) this.#rules[d].bytesPerSecond = bytesPerSecond;
	}

	/**
	 * Resets the connection that carries the (n+1)th byte from now in that direction; n bytes get through, counted over
	 * all connections. Once. Resolves when it happened.
	 */
	cutAfter(bytes: number, direction: Direction): Promise<void> {
		return new Promise((resolve) => {
			const rules = this.#rules[direction];
			rules.cut = { at: rules.seen + bytes, done: resolve };
		});
	}

	/** Inverts the nth byte (from 0) from now in that direction. Once. Resolves when it happened. */
	flipByte(offset: number, direction: Direction): Promise<void> {
		return new Promise((resolve) => {
			const rules = this.#rules[direction];
			rules.flip = { at: rules.seen + offset, done: resolve };
		});
	}

	/** Stops listening: new connections are refused, open ones go on. */
	refuse(): void {
		// The port is given up at once; only close()'s callback would wait for open connections.
		if (this.#server.listening) this.#server.close();
	}

	/** Listens again on the same port after `refuse`. */
	async admit(): Promise<void> {
		if (this.#server.listening) return;
		const server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
		server.listen(this.port, '127.0.0.1');
		await once(server, 'listening');
		this.#server = server;
	}

	/** Ends silence, delay, throttling and armed cuts and flips; what was held back flows. */
	heal(): void {
		for (const d of DIRECTIONS) this.#rules[d].heal();
	}

	[Symbol.dispose](): void {
		this.refuse();
		this.cutAll();
	}

	#accept(client: Socket): void {
		this.accepted += 1;
		const server = connect({ ...this.#target, allowHalfOpen: true });
		const cut = () => this.#cut(connection);
		const connection: Connection = {
			client,
			server,
			pipes: {
				up: new Pipe(client, server, this.#rules.up, cut),
				down: new Pipe(server, client, this.#rules.down, cut),
			},
		};
		this.#connections.add(connection);
		for (const socket of [client, server]) {
			socket.setNoDelay(true);
			socket.once('close', () => {
				if (client.destroyed && server.destroyed) this.#connections.delete(connection);
			});
		}
	}

	#cut(connection: Connection): void {
		this.#connections.delete(connection);
		connection.pipes.up.abandon();
		connection.pipes.down.abandon();
		for (const socket of [connection.client, connection.server]) {
			if (socket.connecting) socket.destroy();
			else socket.resetAndDestroy();
		}
	}
}
