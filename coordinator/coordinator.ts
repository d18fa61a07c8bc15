import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { doerOf } from './accounts/actor.ts';
import { ClientAddresses } from './accounts/client-address.ts';
import { refuseHalfRestored } from './backup/half-restored.ts';
import type { CoordinatorConfig } from './config/coordinator-config.ts';
import { addressHere, type OwnAddress, writeOwnAddress } from './config/own-address.ts';
import { DataLock } from './database/data-lock.ts';
import { AgentsDoor } from './doors/agents/agents-door.ts';
import type { Refusal } from './doors/http/error-reply.ts';
import { HttpDoor } from './doors/http/http-door.ts';
import { LiveDoor } from './doors/live/live-door.ts';
import { TusDoor } from './doors/tus/tus-door.ts';
import { OwnHosts } from './doors/webdav/read-address.ts';
import { WebdavDoor } from './doors/webdav/webdav-door.ts';
import { makeFolder } from './files/make-folder.ts';
import { httpMetrics, httpMounts, httpRoutes } from './http-contents.ts';
import { openUpkeep, type Upkeep } from './open-upkeep.ts';
import type { TaskQueueOptions } from './queue/task-queue-options.ts';
import { createLogger, type Logger } from './report/logger.ts';
import { RecentLines } from './report/recent-lines.ts';
import { openRooms, type Rooms } from './rooms.ts';

/** Largest message of an agent; people are held to less by their own door. Bytes. */
const MOST_FRAME_BYTES = 256 * 1024;
/** Of a path that was refused, so many characters are audited. */
const MOST_AUDITED_PATH = 500;
/** How soon a dead link is noticed: a ping every five seconds that must be answered within five. */
const PING_MS = 5_000;

/** The composition root of the coordinator: rooms, doors, chores; closed in reverse order of building. */
export class Coordinator {
	/** By which people reach it. */
	readonly url: string;
	/** Where the first administrator is made; null when there is one. */
	readonly setupUrl: string | null;
	/** Resolves when disk or database failed. */
	readonly failed: Promise<Error>;
	readonly #rooms: Rooms;
	readonly #http: HttpDoor;
	readonly #live: LiveDoor;
	readonly #agents: AgentsDoor;
	readonly #upkeep: Pick<Upkeep, 'chores' | 'backups'>;
	readonly #lock: DataLock;
	readonly #logger: Logger;

	private constructor(
		parts: {
			rooms: Rooms;
			http: HttpDoor;
			live: LiveDoor;
			agents: AgentsDoor;
			upkeep: Pick<Upkeep, 'chores' | 'backups'>;
			lock: DataLock;
			logger: Logger;
		},
		facts: { url: string; setupToken: string | null; failed: Promise<Error> },
	) {
		this.#rooms = parts.rooms;
		this.#http = parts.http;
		this.#live = parts.live;
		this.#agents = parts.agents;
		this.#upkeep = parts.upkeep;
		this.#lock = parts.lock;
		this.#logger = parts.logger;
		this.url = facts.url;
		// Behind the hash: it reaches neither logs nor proxies.
		this.setupUrl = facts.setupToken === null ? null : `${facts.url}/setup#${facts.setupToken}`;
		this.failed = facts.failed;
	}

	static async start(config: CoordinatorConfig): Promise<Coordinator> {
		const recentLog = new RecentLines();
		const logger = createLogger(config.logLevel, recentLog);
		refuseHalfRestored(config.data);
		await makeFolder(config.data);
		const lock = new DataLock(join(config.data, 'coordinator.lock'));
		let fail: (error: Error) => void = () => {};
		const failed = new Promise<Error>((resolve) => {
			fail = resolve;
		});
		const onFatal = (error: Error): void => {
			logger.fatal({ err: error }, 'disk or database failed: ending, so that nothing is promised that is not kept');
			fail(error);
		};
		// Rooms come before doors; what goes out before the door is there is pushed again when the agents come back.
		let agentsDoor: AgentsDoor | null = null;
		const push: TaskQueueOptions['push'] = {
			assign: (node, tasks) => agentsDoor?.assign(node, tasks),
			cancel: (node, order) => agentsDoor?.cancel(node, order),
		};
		const rooms = await openRooms(config, { logger, push, onFatal });
		const { accounts, agents, announcer, queue } = rooms;
		if (config.adminPassword !== null) await accounts.setup.ensureFirstAdministrator(config.adminPassword);
		const setupToken = (await accounts.setup.isNeeded()) ? await accounts.setup.issueToken() : null;

		const { trustedProxies } = config;
		const metrics = httpMetrics(rooms);
		const origins = config.publicUrl === undefined ? [] : [new URL(config.publicUrl).origin];
		const tus = await TusDoor.open({
			folder: join(config.data, 'uploads'),
			files: rooms.files,
			uploads: rooms.uploads,
			maxFileBytes: config.maxFileSize,
		});
		const upkeep = await openUpkeep({ config, rooms, logger, recentLog, expireUploads: () => tus.expire() });
		const hosts = new OwnHosts({ addresses: new ClientAddresses(trustedProxies), origins });
		const webdav = new WebdavDoor({ rooms, hosts });
		const onRefused = ({ actor, verb, kind, code }: Refusal, path: string): void =>
			rooms.refusals.note(doerOf(actor), `${kind}.${verb}`, path.slice(0, MOST_AUDITED_PATH), code);
		const http = await HttpDoor.open({
			accounts,
			announcer,
			logger,
			routes: httpRoutes({ ...rooms, ...upkeep }, metrics.registry, config.publicUrl),
			mounts: httpMounts({ tus, webdav }),
			origins,
			pagesFolder: fileURLToPath(new URL('../console', import.meta.url)),
			trustedProxies,
			tls: config.tls,
			allowPlainBasic: config.driveAllowPlainHttp,
			bodyPace: paceOf(config.slowBody),
			onAnswered: (status, ms, tag, userSeq) => {
				metrics.answered(status, ms, tag);
				if (userSeq !== null) rooms.accounting.requests.count(userSeq);
			},
			onRefused,
			checkAnswers: config.checkAnswers,
		});
		const io = new Server(http.server, {
			transports: ['websocket'],
			serveClient: false,
			perMessageDeflate: false,
			httpCompression: false,
			maxHttpBufferSize: MOST_FRAME_BYTES,
			pingInterval: PING_MS,
			pingTimeout: PING_MS,
			connectTimeout: 5_000,
		});
		agentsDoor = new AgentsDoor({
			io,
			agents,
			queue,
			logger,
			leaseMs: config.lease,
			heartbeatMs: config.heartbeat,
			trustedProxies,
		});
		const nodeName = (id: string) => agents.nodes.nameOf(id);
		const { things } = rooms;
		const live = new LiveDoor({
			io,
			accounts,
			announcer,
			things,
			logger,
			nodeName,
			trustedProxies,
			origins,
			onRefused,
		});
		upkeep.chores.begin();
		const { port } = await http.listen(config.host, config.port);
		const { host, publicUrl = null } = config;
		const address: OwnAddress = { scheme: config.tls ? 'https' : 'http', host, port, publicUrl };
		const url = addressHere(address);
		try {
			writeOwnAddress(config.data, address);
		} catch (error) {
			logger.warn({ err: error }, 'the own address could not be noted: node-token create cannot tell it');
		}
		return new Coordinator(
			{ rooms, http, live, agents: agentsDoor, upkeep, lock, logger },
			{ url, setupToken, failed },
		);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#upkeep.chores[Symbol.asyncDispose]();
		await this.#upkeep.backups[Symbol.asyncDispose]();
		this.#live.close();
		this.#agents.close();
		await this.#http[Symbol.asyncDispose]();
		await this.#rooms[Symbol.asyncDispose]();
		this.#lock[Symbol.dispose]();
		this.#logger.info('stopped');
	}
}

/** An upload over a slow line may take hours; one that brings less than 1 KiB/s holds a connection for nothing. */
const paceOf = (ms: number) => ({ jsonMs: ms, windowMs: ms, windowBytes: Math.round((ms / 1_000) * 1024) });
