import type { Namespace, Server, Socket } from 'socket.io';
import { CodedError } from '../../../shared/coded-error.ts';
import type { AccountEvents } from '../../accounts/account-events.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { ClientAddresses } from '../../accounts/client-address.ts';
import type { NotAllowed } from '../../accounts/not-allowed.ts';
import type { Announcer } from '../../report/announcer.ts';
import type { Logger } from '../../report/logger.ts';
import { Audience, type WatchedEvents } from './audience.ts';
import { FrameGuard } from './frame-guard.ts';
import { greet } from './handshake.ts';
import { LIVE_LIMITS, type LiveLimits } from './live-limits.ts';
import { Screen } from './screen.ts';
import { Seats } from './seats.ts';
import type { ThingSource } from './thing-teller.ts';

export interface LiveDoorOptions {
	/** Shared with the other doors; this one has the namespace `/live`. */
	io: Server;
	accounts: Pick<Accounts, 'authenticator'>;
	announcer: Announcer<WatchedEvents & AccountEvents>;
	logger: Logger;
	/** Changes of recipes, jobs, schedules and the like. */
	things: ThingSource;
	/** A node's name by its id, as people are told it. */
	nodeName: (id: string) => string;
	trustedProxies: readonly string[];
	/** Origins of our own pages beside the host that is asked. */
	origins: readonly string[];
	/** Told of what somebody asked for and may not see. */
	onRefused?: (refusal: NotAllowed, path: string) => void;
	limits?: Partial<LiveLimits>;
}

/** The door for people's screens: socket.io at `/live`. It only tells; whatever is done is done by HTTP. */
export class LiveDoor {
	readonly #namespace: Namespace;
	readonly #logger: Logger;
	readonly #limits: LiveLimits;
	readonly #seats: Seats;
	readonly #audience: Audience;
	readonly #screens = new Set<Screen>();
	readonly #guards = new WeakMap<object, FrameGuard>();
	readonly #greet: (socket: Socket) => ReturnType<typeof greet>;
	readonly #stopHearing: () => void;
	readonly #recheck: NodeJS.Timeout;
	readonly #onRefused: NonNullable<LiveDoorOptions['onRefused']>;
	#flush: NodeJS.Timeout | null = null;
	#isClosed = false;

	constructor(options: LiveDoorOptions) {
		const { io, accounts, announcer, logger, origins } = options;
		this.#logger = logger;
		this.#onRefused = options.onRefused ?? (() => {});
		this.#limits = { ...LIVE_LIMITS, ...options.limits };
		this.#seats = new Seats(this.#limits);
		this.#audience = new Audience(announcer, options.nodeName, options.things);
		const addresses = new ClientAddresses(options.trustedProxies);
		this.#greet = (socket) => greet(socket, { authenticator: accounts.authenticator, addresses, origins });
		this.#namespace = io.of('/live');
		this.#namespace.use((socket, next) => void this.#admit(socket, next));
		this.#namespace.on('connection', (socket) => (socket.data.enter as () => void)());
		// Nothing is at the root: a connection that joins neither door is closed when its time to say who it is is over.
		io.of('/').use((_, next) => next(new Error('not-found')));
		this.#stopHearing = announcer.on('account:ended', ({ userSeq, credentialId }) => {
			for (const screen of this.#screens) {
				const { actor } = screen;
				if (actor.userSeq === userSeq && (credentialId ?? actor.credentialId) === actor.credentialId)
					void screen.check();
			}
		});
		this.#recheck = setInterval(() => {
			for (const screen of this.#screens) void screen.check();
		}, this.#limits.recheckMs).unref();
	}

	/** Screens that are connected. */
	get size(): number {
		return this.#screens.size;
	}

	/** Cuts all screens; they come back when there is a coordinator again. */
	close(): void {
		this.#isClosed = true;
		clearInterval(this.#recheck);
		this.#stopHearing();
		for (const screen of [...this.#screens]) screen.close();
	}

	async #admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
		try {
			const guard = this.#guard(socket);
			const opener = await this.#greet(socket);
			if (this.#isClosed) throw new CodedError('shutting-down');
			const seat = this.#seats.take(opener.actor);
			guard.ofPerson = seat.frames;
			// The seat is taken before the handshake is over, and given back also when it never is.
			socket.conn.once('close', () => seat.leave());
			socket.data.enter = () => this.#enter(socket, opener, seat);
			next();
		} catch (error) {
			if (!(error instanceof CodedError)) this.#logger.error({ err: error }, 'a screen could not be greeted');
			next(new Error(error instanceof CodedError ? error.code : 'internal'));
		}
	}

	#guard({ conn, handshake }: Socket): FrameGuard {
		const known = this.#guards.get(conn);
		if (known) return known;
		const guard = new FrameGuard(conn, this.#limits, () =>
			this.#logger.info({ address: handshake.address }, 'a screen that sends too much was cut off'),
		);
		this.#guards.set(conn, guard);
		return guard;
	}

	#enter(socket: Socket, opener: Awaited<ReturnType<typeof greet>>, seat: ReturnType<Seats['take']>): void {
		const screen = new Screen({
			socket,
			opener,
			seat,
			limits: this.#limits,
			logger: this.#logger,
			onTopics: (changed) => this.#audience.seat(changed),
			onClosed: (closed) => this.#forget(closed),
			onRefused: (refusal) => this.#onRefused(refusal, '/live'),
		});
		this.#screens.add(screen);
		this.#flush ??= setInterval(() => {
			for (const one of this.#screens) one.flush();
		}, this.#limits.flushMs).unref();
		// The credential may have ended while the handshake was under way.
		void screen.check();
	}

	#forget(screen: Screen): void {
		this.#screens.delete(screen);
		void this.#audience.seat(screen);
		if (this.#screens.size > 0 || !this.#flush) return;
		clearInterval(this.#flush);
		this.#flush = null;
	}
}
