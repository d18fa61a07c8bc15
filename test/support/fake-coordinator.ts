import { createHash, createPublicKey, verify } from 'node:crypto';
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { type Namespace, Server, type Socket } from 'socket.io';
import { type LinkKey, LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import {
	type Assignment,
	type AttemptRef,
	type Heartbeat,
	type Hello,
	heartbeatSchema,
	helloPayload,
	helloSchema,
	logSchema,
	progressSchema,
	type Settlement,
	settlementSchema,
	startedSchema,
} from '../../shared/protocol/agent-link.ts';
import { joinSchema } from '../../shared/protocol/node.ts';
import { settlePayload } from '../../shared/protocol/settle-payload.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { type AssignmentChanges, makeAssignment } from './make-assignment.ts';

const nodeId = (number: number): string => `nod_${String(number).padStart(26, '0')}`;

/** What the fake saw, in order; `until` waits for more of it. */
type Seen =
	| { kind: 'hello'; hello: Hello }
	| { kind: 'heartbeat'; heartbeat: Heartbeat }
	| { kind: 'settled'; settlement: Settlement }
	| { kind: 'started'; task: string }
	| { kind: 'progress'; task: string; progress: number | null; phase: string | null }
	| { kind: 'log'; task: string; firstSeq: number; lines: { stream: string; text: string }[] }
	| { kind: 'draining' }
	| { kind: 'disconnected' };

/** The coordinator's side of the agent link, played by hand: real HTTP and real sockets, no queue and no ledger. */
export class FakeCoordinator implements AsyncDisposable {
	readonly seen: Seen[] = [];
	/** Contents by SHA-256 that attempts may fetch. */
	readonly contents = new Map<string, Buffer>();
	/** Outputs by `task/attempt/name`. */
	readonly outputs = new Map<string, Buffer>();
	/** Takes a request away from the usual answer; true when it did. */
	intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | null = null;
	/** Answers to hellos and settlements other than the usual ones. */
	refuse: { code: string; message: string } | null = null;
	voids: AttemptRef[] = [];
	settleAnswer: ((items: Settlement[]) => unknown) | null = null;
	answersHeartbeats = true;
	leaseMs = 30_000;
	heartbeatMs = 10_000;
	joins = 0;
	requests: string[] = [];
	readonly #http: HttpServer;
	readonly #io: Server;
	readonly #agents: Namespace;
	readonly #connections = new Set<NetSocket>();
	readonly #watchers = new Set<() => void>();
	/** Public keys by node, as they joined. */
	#keys = new Map<string, string>();
	#port = 0;

	constructor() {
		this.#http = createServer((request, response) => void this.#handle(request, response));
		this.#http.on('connection', (connection) => {
			this.#connections.add(connection);
			connection.once('close', () => this.#connections.delete(connection));
		});
		this.#io = new Server(this.#http, { transports: ['websocket'], maxHttpBufferSize: 262_144, pingInterval: 5_000 });
		this.#agents = this.#io.of('/agents');
		this.#agents.on('connection', (socket) => this.#greet(socket));
	}

	static async start(port = 0): Promise<FakeCoordinator> {
		const fake = new FakeCoordinator();
		await fake.listen(port);
		return fake;
	}

	/** Dies without a word, and comes back at the same address knowing the nodes and contents, as another process would. */
	async restart(whileDown: () => Promise<void> = async () => {}): Promise<FakeCoordinator> {
		await this.close();
		await whileDown();
		const next = new FakeCoordinator();
		next.#keys = this.#keys;
		for (const [sha256, content] of this.contents) next.contents.set(sha256, content);
		await next.listen(this.#port);
		return next;
	}

	async listen(port: number): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			this.#http.once('error', reject);
			this.#http.listen(port, '127.0.0.1', resolve);
		});
		this.#port = (this.#http.address() as AddressInfo).port;
	}

	get url(): string {
		return `http://127.0.0.1:${this.#port}`;
	}

	/** A token that joins, any number of times. */
	async nodeToken(): Promise<string> {
		return 'good';
	}

	/** Keeps the content and answers with the input that names it. */
	addInput(content: Buffer, name = 'input'): Assignment['inputs'][number] {
		const sha256 = createHash('sha256').update(content).digest('hex');
		this.contents.set(sha256, content);
		return { name, sha256, size: content.length };
	}

	assign(...tasks: Assignment[]): void {
		this.#agents.emit('task:assign', { tasks });
	}

	/** How often something was seen. */
	count(kind: Seen['kind']): number {
		return this.seen.filter((one) => one.kind === kind).length;
	}

	emit(event: string, message: unknown): void {
		this.#agents.emit(event, message);
	}

	/** Cuts every socket, as a lost network does. */
	cut(): void {
		for (const connection of this.#connections) connection.destroy();
	}

	/** The first thing seen, past or to come, that fits. */
	async until<K extends Seen['kind']>(
		kind: K,
		fits: (seen: Extract<Seen, { kind: K }>) => boolean = () => true,
		withinMs = 60_000,
	): Promise<Extract<Seen, { kind: K }>> {
		const find = () =>
			this.seen.find((one): one is Extract<Seen, { kind: K }> => one.kind === kind && fits(one as never));
		const there = find();
		if (there) return there;
		return new Promise((resolve, reject) => {
			const look = () => {
				const found = find();
				if (!found) return;
				this.#watchers.delete(look);
				clearTimeout(timer);
				resolve(found);
			};
			const timer = setTimeout(() => {
				this.#watchers.delete(look);
				reject(new Error(`no such ${kind} within ${withinMs} ms; seen: ${this.seen.map((one) => one.kind).join(' ')}`));
			}, withinMs);
			this.#watchers.add(look);
		});
	}

	async settled(task: Assignment): Promise<Settlement> {
		const { settlement } = await this.until('settled', (seen) => seen.settlement.task === task.task);
		return settlement;
	}

	/** Assigns a task and waits for its end. */
	async run(type: string, options: AssignmentChanges = {}): Promise<Settlement> {
		const assignment = makeAssignment(type, options);
		this.assign(assignment);
		return this.settled(assignment);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}

	/** Stops listening and cuts everything. */
	async close(): Promise<void> {
		this.#agents.disconnectSockets(true);
		this.cut();
		await this.#io.close();
	}

	#note(seen: Seen): void {
		this.seen.push(seen);
		for (const look of [...this.#watchers]) look();
	}

	#isSigned(node: string, payload: string, signature: string): boolean {
		const jwk = { kty: 'OKP', crv: 'Ed25519', x: this.#keys.get(node) ?? '' };
		const key = createPublicKey({ key: jwk, format: 'jwk' });
		return verify(null, Buffer.from(payload), key, Buffer.from(signature, 'base64url'));
	}

	#greet(socket: Socket): void {
		const exchange = new LinkKeyExchange();
		const nonce = exchange.publicKey;
		let linkKey: LinkKey | null = null;
		let node = '';
		socket.on('agent:hello', (message, answer) => {
			const hello = helloSchema.parse(message);
			node = hello.node;
			if (!this.#isSigned(node, helloPayload(nonce, node, hello.linkKey), hello.signature)) {
				return answer({ ok: false, code: 'bad-signature', message: 'The signature is wrong' });
			}
			linkKey = exchange.agree(hello.linkKey);
			if (this.refuse) return answer({ ok: false, ...this.refuse });
			const { leaseMs, heartbeatMs, voids } = this;
			answer({ ok: true, coordinatorTime: Date.now(), leaseMs, heartbeatMs, void: voids });
			this.#note({ kind: 'hello', hello });
		});
		socket.on('agent:heartbeat', (message, answer) => {
			const heartbeat = heartbeatSchema.parse(message);
			if (this.answersHeartbeats) answer({ seq: heartbeat.seq, leaseMs: this.leaseMs, void: this.voids });
			this.#note({ kind: 'heartbeat', heartbeat });
		});
		socket.on('task:settle', (message, answer) => {
			if (!linkKey?.fits(settlePayload(node, message.items), message.seal)) {
				return answer({ refused: 'bad-signature', message: 'The seal is wrong' });
			}
			const items: Settlement[] = message.items.map((item: unknown) => settlementSchema.parse(item));
			const usual = { statuses: items.map(() => 'accepted') };
			const given = this.settleAnswer ? this.settleAnswer(items) : usual;
			if (given !== null) answer(given);
			for (const settlement of items) this.#note({ kind: 'settled', settlement });
		});
		socket.on('task:started', (message) => {
			for (const { task } of startedSchema.parse(message).attempts) this.#note({ kind: 'started', task });
		});
		socket.on('task:progress', (message) => {
			for (const item of progressSchema.parse(message).items) this.#note({ kind: 'progress', ...item });
		});
		socket.on('task:log', (message) => {
			for (const item of logSchema.parse(message).items) this.#note({ kind: 'log', ...item });
		});
		socket.on('agent:draining', (_, answer) => {
			this.#note({ kind: 'draining' });
			answer();
		});
		socket.on('disconnect', () => this.#note({ kind: 'disconnected' }));
		socket.emit('agent:challenge', { nonce, protocol: PROTOCOL_VERSION });
	}

	async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (request.url?.startsWith('/socket.io')) return;
		this.requests.push(`${request.method} ${request.url}`);
		if (this.intercept?.(request, response)) return;
		const path = request.url ?? '';
		if (path === '/api/v1/agent/join') return this.#join(request, response);
		const input = /\/inputs\/([0-9a-f]{64})$/.exec(path);
		if (request.method === 'GET' && input?.[1]) return this.#sendInput(input[1], request, response);
		const output = /\/attempts\/(.+?)\/(.+?)\/outputs\/(.+)$/.exec(path);
		if (request.method === 'PUT' && output) {
			const content = await readAll(request);
			this.outputs.set(`${output[1]}/${output[2]}/${decodeURIComponent(output[3] ?? '')}`, content);
			const sha256 = createHash('sha256').update(content).digest('hex');
			return reply(response, 200, { sha256, size: content.length });
		}
		reply(response, 404, { code: 'not-found' });
	}

	async #join(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { token, name, publicKey } = joinSchema.parse(JSON.parse((await readAll(request)).toString()));
		if (token !== 'good') return reply(response, 401, { code: 'node-token-invalid', detail: 'The token is used up.' });
		this.joins += 1;
		const node = nodeId(this.joins);
		this.#keys.set(node, publicKey);
		reply(response, 201, { node, name });
	}

	#sendInput(sha256: string, request: IncomingMessage, response: ServerResponse): void {
		const content = this.contents.get(sha256);
		if (!content) {
			reply(response, 404, { code: 'not-found' });
			return;
		}
		const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
		if (!range) return void response.writeHead(200, { 'content-length': content.length }).end(content);
		const from = Number(range[1]);
		const rest = content.subarray(from);
		const headers = {
			'content-length': rest.length,
			'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
		};
		response.writeHead(206, headers).end(rest);
	}
}

const readAll = async (request: IncomingMessage): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
};

const reply = (response: ServerResponse, status: number, message: unknown): void => {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(message));
};
