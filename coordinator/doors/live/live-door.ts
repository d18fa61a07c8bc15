import type { Namespace, Server } from 'socket.io';
import { CodedError } from '../../../shared/coded-error.ts';
import type { AccountEvents } from '../../accounts/account-events.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { NodeEvents } from '../../agents/node-events.ts';
import type { FileEvents } from '../../files/file-events.ts';
import type { TaskEvents } from '../../queue/task-announcements.ts';
import type { Announcer } from '../../report/announcer.ts';
import type { Logger } from '../../report/logger.ts';
import { handshakeActor } from './handshake.ts';
import { MOST_SOCKETS_OF_ADDRESS, MOST_SOCKETS_OF_USER } from './live-limits.ts';
import { Watcher } from './watcher.ts';

type Events = TaskEvents & FileEvents & NodeEvents & AccountEvents;

/** Patches that came together go out together; nobody sees faster than this. */
const FLUSH_EVERY_MS = 100;
const RECHECK_EVERY_MS = 5 * 60_000;

/** The door for people's screens: socket.io at `/live`. It only tells; whatever is done is done by HTTP. */
export class LiveDoor {
	readonly #namespace: Namespace;
	readonly #announcer: Announcer<Events>;
	readonly #watchers = new Set<Watcher>();
	readonly #timers: NodeJS.Timeout[];
	readonly #stopAccounts: () => void;
	#stopListening: (() => void)[] = [];

	constructor(options: {
		io: Server;
		accounts: Accounts;
		announcer: Announcer<Events>;
		logger: Logger;
		trustedProxies: readonly string[];
		/** Origins of pages beside the coordinator's own. */
		origins: readonly string[];
	}) {
		const { logger } = options;
		this.#announcer = options.announcer;
		this.#namespace = options.io.of('/live');
		this.#namespace.use((socket, next) => {
			handshakeActor(socket, options).then(
				({ actor, reAsk }) => {
					this.#requireRoom(actor.userSeq, actor.address);
					socket.data.watcher = new Watcher({ socket, actor, reAsk, logger });
					next();
				},
				(error: unknown) => {
					if (!(error instanceof CodedError)) logger.error({ err: error }, 'a live handshake failed');
					next(new Error(error instanceof CodedError ? error.code : 'internal'));
				},
			).catch((error: unknown) => next(new Error(error instanceof CodedError ? error.code : 'internal')));
		});
		this.#namespace.on('connection', (socket) => {
			const watcher = socket.data.watcher as Watcher;
			this.#watchers.add(watcher);
			this.#listen();
			socket.once('disconnect', () => {
				this.#watchers.delete(watcher);
				if (this.#watchers.size === 0) this.#deafen();
			});
		});
		this.#stopAccounts = options.announcer.on('account:ended', (ended) => {
			for (const watcher of this.#watchers) {
				const { userSeq, credentialId } = watcher.actor;
				if (userSeq !== ended.userSeq) continue;
				if (ended.credentialId === null || ended.credentialId === credentialId) void watcher.check();
			}
		});
		this.#timers = [
			setInterval(() => {
				for (const watcher of this.#watchers) watcher.flush();
			}, FLUSH_EVERY_MS),
			setInterval(() => {
				for (const watcher of this.#watchers) void watcher.check();
			}, RECHECK_EVERY_MS),
		];
	}

	get size(): number {
		return this.#watchers.size;
	}

	close(): void {
		for (const timer of this.#timers) clearInterval(timer);
		this.#stopAccounts();
		this.#deafen();
		for (const watcher of this.#watchers) watcher.close();
	}

	#requireRoom(userSeq: number, address: string): void {
		const all = [...this.#watchers];
		const ofUser = all.filter(({ actor }) => actor.userSeq === userSeq).length;
		const ofAddress = all.filter(({ actor }) => actor.address === address).length;
		if (ofUser >= MOST_SOCKETS_OF_USER || ofAddress >= MOST_SOCKETS_OF_ADDRESS) {
			throw new CodedError('too-many-requests');
		}
	}

	/** Only while somebody watches: a busy coordinator that nobody looks at makes no patches. */
	#listen(): void {
		if (this.#stopListening.length > 0) return;
		const tell = (act: (watcher: Watcher) => void) => {
			for (const watcher of this.#watchers) act(watcher);
		};
		this.#stopListening = [
			this.#announcer.on('task:changed', (changes) => tell((watcher) => watcher.tasksChanged(changes))),
			this.#announcer.on('task:many-changed', ({ ownerSeq }) => tell((watcher) => watcher.manyChanged(ownerSeq))),
			this.#announcer.on('file:changed', (changes) => tell((watcher) => watcher.filesChanged(changes))),
			this.#announcer.on('node:changed', (change) => tell((watcher) => watcher.nodeChanged(change))),
		];
	}

	#deafen(): void {
		for (const stop of this.#stopListening.splice(0)) stop();
	}
}
