import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pino } from 'pino';
import { request } from 'undici';
import { z } from 'zod';
import type { AccountEvents } from '../../coordinator/accounts/account-events.ts';
import type { Actor } from '../../coordinator/accounts/actor.ts';
import { HttpDoor, type HttpDoorOptions } from '../../coordinator/doors/http/http-door.ts';
import { type AnyRoute, defineRoute } from '../../coordinator/doors/http/route.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import { CodedError } from '../../shared/coded-error.ts';
import { testActor } from './bare-routes.ts';

export const TOKEN = `mrt_${'a'.repeat(43)}`;
export const SESSION = 's'.repeat(43);
export const JSON_TYPE = { 'content-type': 'application/json' };
export const BY_TOKEN = { authorization: `Bearer ${TOKEN}` };

const read = { verb: 'read', kind: 'file' } as const;
const write = { verb: 'write', kind: 'file' } as const;

/** Routes of every kind that the frame knows. */
const routesOf = (stage: DoorStage): AnyRoute[] => [
	defineRoute({
		method: 'POST',
		path: '/api/v1/things',
		access: write,
		summary: 'Make',
		tag: 'things',
		query: z.strictObject({ dry: z.string().optional() }),
		body: z.strictObject({ name: z.string().max(10), tags: z.array(z.strictObject({ a: z.number() })).default([]) }),
		answers: { 202: z.object({ name: z.string() }) },
		handler: async ({ body }) => ({ name: body.name }),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/things/:id',
		access: read,
		summary: 'Read',
		tag: 'things',
		params: z.strictObject({ id: z.string().max(20) }),
		answers: { 200: z.object({ id: z.string(), address: z.string(), secure: z.boolean() }) },
		handler: async ({ params, actor: { address }, request: { protocol } }) => ({
			id: params.id,
			address,
			secure: protocol === 'https',
		}),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/things/:id::poke',
		access: write,
		summary: 'Poke',
		tag: 'things',
		params: z.strictObject({ id: z.string() }),
		answers: { 204: null },
		async handler() {},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/sign-in',
		access: 'public',
		summary: 'Sign in',
		tag: 'things',
		isSignIn: true,
		answers: { 200: z.object({ who: z.string().nullable() }) },
		handler: async ({ actorOrNull }) => ({ who: actorOrNull?.userId ?? null }),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin',
		access: { verb: 'read', kind: 'audit' },
		summary: 'For administrators',
		tag: 'things',
		answers: { 200: z.object({}) },
		handler: async () => ({}),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/bug',
		access: 'public',
		summary: 'Fails',
		tag: 'things',
		answers: { 200: z.object({}) },
		async handler({ reply }) {
			reply.header('etag', '"x"').header('content-disposition', 'attachment');
			throw new Error('SELECT secret FROM /var/lib/ledger.db');
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/wrong-shape',
		access: 'public',
		summary: 'Answers in another shape',
		tag: 'things',
		answers: { 200: z.object({ n: z.number() }) },
		handler: async () => ({ n: 'one' }),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/later',
		access: read,
		summary: 'Too early',
		tag: 'things',
		answers: { 200: z.object({}) },
		async handler() {
			throw new CodedError('overloaded', 'Come again.', { retryAfter: 1.2 });
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/held',
		access: read,
		summary: 'Waits',
		tag: 'things',
		mostAtOnce: 4,
		answers: { 200: z.object({}) },
		async handler() {
			stage.inHandler += 1;
			await stage.held;
			return {};
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/stream',
		access: read,
		summary: 'Streams',
		tag: 'things',
		answers: { 200: null },
		async handler({ reply }) {
			return reply.type('application/zip').send(Readable.from([Buffer.from('one'), Buffer.from('two')]));
		},
	}),
	defineRoute({
		method: 'PUT',
		path: '/api/v1/raw/*',
		access: write,
		summary: 'Takes bytes',
		tag: 'things',
		rawBody: true,
		answers: { 200: z.object({ bytes: z.number() }) },
		async handler({ request: { raw, headers } }) {
			if (headers['x-refuse'] !== undefined) throw new CodedError('disk-full');
			let bytes = 0;
			for await (const chunk of raw) bytes += (chunk as Buffer).length;
			return { bytes };
		},
	}),
];

/** The real HTTP door with routes that do nothing, one person, and hands to speak to it. */
export class DoorStage implements AsyncDisposable {
	door!: HttpDoor;
	url = '';
	readonly lines: string[] = [];
	/** Status and tag of every answer. */
	readonly answered: [number, string][] = [];
	readonly announcer = new Announcer<AccountEvents>((error) => {
		throw error;
	});
	/** Whose token and session it is. */
	actor: Actor = testActor(1);
	/** Requests that have come to `/held`, and what lets them go on. */
	inHandler = 0;
	release: () => void = () => {};
	readonly held = new Promise<void>((resolve) => {
		this.release = resolve;
	});
	readonly #sockets: Socket[] = [];

	async start(more: Partial<HttpDoorOptions> = {}): Promise<this> {
		const knows = (right: string) => async (secret: string, address: string) =>
			secret === right ? { ...this.actor, address } : null;
		this.door = await HttpDoor.open({
			accounts: {
				authenticator: { session: knows(SESSION), token: knows(TOKEN) },
			} as unknown as HttpDoorOptions['accounts'],
			announcer: this.announcer,
			logger: pino({ level: 'debug' }, { write: (line: string) => void this.lines.push(line) }),
			routes: routesOf(this),
			pagesFolder: null,
			checkAnswers: true,
			onAnswered: (status, _, tag) => this.answered.push([status, tag]),
			mounts: [
				{
					prefix: '/api/v1/mount',
					access: write,
					async handle(incoming, response, who) {
						if (incoming.url?.endsWith('/bad')) throw new CodedError('conflict', 'No.');
						if (incoming.url?.endsWith('/bug')) throw new Error('secret path');
						response.writeHead(200, { 'x-who': who.userId }).end(incoming.url);
					},
				},
			],
			...more,
		});
		this.url = `http://127.0.0.1:${(await this.door.listen('127.0.0.1', 0)).port}`;
		return this;
	}

	async restart(more: Partial<HttpDoorOptions>): Promise<void> {
		await this.door.close(0);
		await this.start(more);
	}

	async call(
		method: string,
		path: string,
		headers: Record<string, string> = BY_TOKEN,
		body: Buffer | string | Readable | null = null,
	) {
		const answer = await request(this.url + path, { method: method as 'GET', headers, body });
		const text = await answer.body.text();
		const isJson = /json/.test(String(answer.headers['content-type']));
		return { status: answer.statusCode, headers: answer.headers, text, json: isJson && text ? JSON.parse(text) : null };
	}

	post(body: unknown, headers: Record<string, string> = BY_TOKEN) {
		return this.call('POST', '/api/v1/things', { ...JSON_TYPE, ...headers }, JSON.stringify(body));
	}

	/** A bare connection, and what has come back on it. */
	connect(text: string): { socket: Socket; heard: () => string } {
		let heard = '';
		const socket = connect(Number(new URL(this.url).port), '127.0.0.1', () => socket.write(text));
		this.#sockets.push(socket);
		socket.on('data', (piece) => {
			heard += piece;
		});
		return { socket, heard: () => heard };
	}

	/** What comes back to bytes sent as they are, until the server closes. */
	speak(text: string): Promise<string> {
		const { socket, heard } = this.connect(text);
		return new Promise((resolve, reject) => {
			socket.on('error', reject);
			socket.on('close', () => resolve(heard()));
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.release();
		for (const socket of this.#sockets.splice(0)) socket.destroy();
		await this.door.close(0);
	}
}
