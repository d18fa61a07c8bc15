import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import type { AccountEvents } from '../../coordinator/accounts/account-events.ts';
import type { Actor } from '../../coordinator/accounts/actor.ts';
import type { WatchedEvents } from '../../coordinator/doors/live/audience.ts';
import { LiveDoor, type LiveDoorOptions } from '../../coordinator/doors/live/live-door.ts';
import type { LiveLimits } from '../../coordinator/doors/live/live-limits.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import type { LiveMessage } from '../../shared/protocol/live-updates.ts';
import { testActor } from './bare-routes.ts';

export const SESSION = 's'.repeat(43);

/** The real live door on a real server, people by their secrets, and screens that call in. */
export class LiveStage implements AsyncDisposable {
	/** Who has which token or session; an error is what asking for it throws. */
	readonly people = new Map<string, Actor | Error>([
		['user', testActor(1)],
		['other', testActor(2)],
		['operator', testActor(3, { role: 'operator' })],
		['files-only', testActor(1, { role: 'operator', scopes: ['files:read'] })],
		[SESSION, testActor(1)],
	]);
	readonly announcer = new Announcer<WatchedEvents & AccountEvents>((error) => {
		throw error;
	});
	/** People by group, and whether somebody watches things. */
	readonly members = new Map<number, readonly number[]>();
	isWatched = false;
	readonly things: LiveDoorOptions['things'] = {
		watch: async (isWatched) => {
			this.isWatched = isWatched;
		},
		membersOf: async (group, people) => people.filter((person) => this.members.get(group)?.includes(person)),
	};
	door!: LiveDoor;
	port = 0;
	/** How often it was asked whose a secret is. */
	asked = 0;
	readonly #clients: Socket[] = [];
	#http!: HttpServer;
	#server!: Server;

	async start(limits: Partial<LiveLimits> = {}): Promise<this> {
		this.#http = createServer();
		this.#server = new Server(this.#http, {
			transports: ['websocket'],
			maxHttpBufferSize: 262_144,
			connectTimeout: 200,
		});
		const ask = async (secret: string): Promise<Actor | null> => {
			this.asked += 1;
			const found = this.people.get(secret) ?? null;
			if (found instanceof Error) throw found;
			return found;
		};
		this.door = new LiveDoor({
			io: this.#server,
			accounts: { authenticator: { token: ask, session: ask } } as unknown as LiveDoorOptions['accounts'],
			announcer: this.announcer,
			logger: pino({ level: 'silent' }),
			things: this.things,
			nodeName: (id) => `name of ${id}`,
			trustedProxies: [],
			origins: ['https://mill.example'],
			limits: { flushMs: 5, closeMs: 50, ...limits },
		});
		await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
		this.port = (this.#http.address() as AddressInfo).port;
		return this;
	}

	async restart(limits: Partial<LiveLimits>): Promise<void> {
		await this[Symbol.asyncDispose]();
		await this.start(limits);
	}

	/** Resolves with the connected client, or with the code that it was refused by. */
	connect(token?: string, headers: Record<string, string> = {}): Promise<Socket | string> {
		const client = io(`http://127.0.0.1:${this.port}/live`, {
			transports: ['websocket'],
			forceNew: true,
			reconnection: false,
			...(token === undefined ? {} : { auth: { token } }),
			extraHeaders: headers,
		});
		this.#clients.push(client);
		return new Promise((resolve) => {
			client.once('connect', () => resolve(client));
			client.once('connect_error', (error) => resolve(error.message));
		});
	}

	/** A subscribed screen and what it has heard. */
	async watch(token: string, topics: string[]) {
		const client = await this.connect(token);
		if (typeof client === 'string') throw new Error(client);
		const heard: LiveMessage[] = [];
		client.on('live:patch', (message) => heard.push(message));
		const answer = await client.emitWithAck('subscribe', { topics });
		return { client, heard, answer, patches: () => heard.flatMap(({ patches }) => patches) };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const client of this.#clients.splice(0)) client.disconnect();
		this.door.close();
		await this.#server.close();
	}
}

/** A change of a running task, as the queue announces it. */
export const taskChange = (ownerSeq: number, id: string, version: number) => ({
	ownerSeq,
	id,
	version,
	type: 'noop',
	state: 'running' as const,
	progress: 0.5,
	phase: null,
	file: null,
	node: null,
});
