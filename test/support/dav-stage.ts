import type { Readable } from 'node:stream';
import { pino } from 'pino';
import { Pool } from 'undici';
import type { AccountEvents } from '../../coordinator/accounts/account-events.ts';
import type { Actor } from '../../coordinator/accounts/actor.ts';
import { ClientAddresses } from '../../coordinator/accounts/client-address.ts';
import { HttpDoor, type HttpDoorOptions } from '../../coordinator/doors/http/http-door.ts';
import { DAV_PREFIX, OwnHosts } from '../../coordinator/doors/webdav/read-address.ts';
import { WebdavDoor } from '../../coordinator/doors/webdav/webdav-door.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import { testActor } from './bare-routes.ts';
import { DriveRoom } from './drive-room.ts';

export type DavHeaders = Record<string, string>;

/** People by their names; whatever the password is. */
const PEOPLE: Readonly<Record<string, Actor>> = {
	ada: testActor(1, { userId: 'usr_a', username: 'ada', via: 'app-password' }),
	bob: testActor(2, { userId: 'usr_b', username: 'bob', via: 'app-password' }),
	reader: testActor(1, { userId: 'usr_a', username: 'ada', via: 'app-password', scopes: ['files:read'] }),
};

const asUser = (user: string): string => `Basic ${Buffer.from(`${user}:x`).toString('base64')}`;

/** An XML body that asks for these properties of WebDAV. */
export const propsOf = (...names: string[]): string =>
	`<propfind xmlns="DAV:"><prop>${names.map((name) => `<${name}/>`).join('')}</prop></propfind>`;

export const lockInfo = (scope: 'exclusive' | 'shared' = 'exclusive'): string =>
	`<lockinfo xmlns="DAV:"><lockscope><${scope}/></lockscope><locktype><write/></locktype><owner>me</owner></lockinfo>`;

/** The drive's door in the real frame, with real rooms behind it; anybody's password is right. */
export class DavStage implements AsyncDisposable {
	readonly room: DriveRoom;
	readonly http: HttpDoor;
	readonly port: number;
	/** Versions that somebody looked at. */
	readonly served: { fileId: string; version: number }[];
	/** What the frame logged. */
	readonly lines: string[];
	readonly #pool: Pool;

	private constructor(parts: {
		room: DriveRoom;
		http: HttpDoor;
		port: number;
		served: { fileId: string; version: number }[];
		lines: string[];
	}) {
		this.room = parts.room;
		this.http = parts.http;
		this.port = parts.port;
		this.served = parts.served;
		this.lines = parts.lines;
		this.#pool = new Pool(`http://127.0.0.1:${parts.port}`);
	}

	static async open(): Promise<DavStage> {
		const room = await DriveRoom.open();
		const served: DavStage['served'] = [];
		const lines: string[] = [];
		const { jobs, drive } = room;
		const door = new WebdavDoor({
			rooms: {
				drive,
				files: jobs.files,
				accesses: { served: (_, { fileId, version }) => void served.push({ fileId, version }) },
			},
			hosts: new OwnHosts({
				addresses: new ClientAddresses(['127.0.0.1']),
				origins: ['https://drive.example.org'],
			}),
		});
		const authenticator = {
			appPassword: async (username: string, _: string, address: string) =>
				PEOPLE[username] ? { ...PEOPLE[username], address } : null,
		};
		const http = await HttpDoor.open({
			accounts: { authenticator } as unknown as HttpDoorOptions['accounts'],
			announcer: new Announcer<AccountEvents>(() => {}),
			logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
			routes: [],
			pagesFolder: null,
			allowPlainBasic: true,
			mounts: [
				{
					prefix: DAV_PREFIX,
					scheme: 'basic',
					access: door.accessOf,
					handle: (request, response, actor) => door.handle(request, response, actor),
					problem: door.problem,
					answerStranger: door.answerStranger,
				},
			],
		});
		const { port } = await http.listen('127.0.0.1', 0);
		return new DavStage({ room, http, port, served, lines });
	}

	/** Speaks as ada unless told; the path goes out as it is. */
	async call(
		method: string,
		path: string,
		{
			headers = {},
			body = null,
			user = 'ada',
		}: {
			headers?: DavHeaders;
			body?: Buffer | string | Readable | null;
			user?: string;
		} = {},
	) {
		const answer = await this.#pool.request({
			method: method as 'GET',
			path,
			headers: { authorization: asUser(user), ...headers },
			body,
		});
		const bytes = Buffer.from(await answer.body.arrayBuffer());
		return { status: answer.statusCode, headers: answer.headers as DavHeaders, bytes, text: bytes.toString() };
	}

	put(path: string, body: Buffer | string = 'x', headers: DavHeaders = {}) {
		return this.call('PUT', path, { body, headers });
	}

	propfind(path: string, depth: string | null = '0', body: string | null = null, headers: DavHeaders = {}) {
		return this.call('PROPFIND', path, { body, headers: { ...(depth === null ? {} : { depth }), ...headers } });
	}

	/** Takes a lock; gives its token. */
	async lock(path: string, headers: DavHeaders = {}, scope: 'exclusive' | 'shared' = 'exclusive'): Promise<string> {
		const { status, headers: said, text } = await this.call('LOCK', path, { body: lockInfo(scope), headers });
		const token = /^<(.+)>$/.exec(said['lock-token'] ?? '')?.[1];
		if (token === undefined) throw new Error(`no lock: ${status} ${text}`);
		return token;
	}

	/** Moves or copies to a path of this drive. */
	transfer(method: 'COPY' | 'MOVE', from: string, to: string, headers: DavHeaders = {}) {
		return this.call(method, from, { headers: { destination: to, ...headers } });
	}

	/** Names in ada's folder, with a slash behind folders, without the inboxes that everybody has. */
	async list(path = '/files'): Promise<string[]> {
		return (await this.room.names(path)).filter((name) => name !== '_inbox/').sort();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#pool.close();
		await this.http.close(0);
		await this.room[Symbol.asyncDispose]();
	}
}
