import { mkdir, rm } from 'node:fs/promises';
import { type AttemptRef, cancelSchema, configureSchema, type HelloAnswer } from '../shared/protocol/agent-link.ts';
import { advertise } from './capabilities/advertise.ts';
import { Metrics } from './capabilities/metrics.ts';
import type { AgentConfig } from './config/agent-config.ts';
import type { Logger } from './config/logger.ts';
import type { WorkDir } from './config/work-dir.ts';
import { CoordinatorLink } from './link/coordinator-link.ts';
import { Heartbeats } from './link/heartbeats.ts';
import type { Identity } from './link/identity.ts';
import type { Refused } from './link/refusal.ts';
import { Reporter } from './link/reporter.ts';
import { Samples } from './link/samples.ts';
import { SettleSpool } from './link/settle-spool.ts';
import { Settler } from './link/settler.ts';
import { AttemptRunner } from './runner/attempt-runner.ts';
import type { ControlGroups } from './runner/control-groups.ts';
import type { GpuWatch } from './runner/gpu-watch.ts';
import { openMeters } from './runner/open-meters.ts';
import { Sweep } from './runner/sweep.ts';
import type { Commands } from './sandbox/commands.ts';
import { findProgram } from './sandbox/find-program.ts';
import { AttemptTable } from './slots/attempt-table.ts';
import { Leases } from './slots/leases.ts';
import { readAssignments } from './slots/read-assignments.ts';
import type { CoordinatorHttp } from './transfer/coordinator-http.ts';
import { InputCache } from './transfer/input-cache.ts';
import { Transfers } from './transfer/transfers.ts';

/** Refs of settled attempts in a hello or heartbeat: enough to be useful, few enough for one message. */
const MOST_SETTLED_REFS = 1_000;
/** An agent that ends at once waits so long for its last settlements to be taken. */
const LAST_WORD_MS = 2_000;
/** A drained agent that has no link keeps its settlements on disk and goes after so long. */
const DRAINED_WAIT_MS = 10_000;

/** How an agent's life ended. */
export type AgentEnd = { kind: 'drained' } | { kind: 'stopped' } | { kind: 'refused'; refusal: Refused };

/**
 * The composition root of the agent process. States: `working` -> `draining` (no new work, what runs is finished) ->
 * `ended`; `stopNow` and a refusal lead to `ended` from either.
 */
export class Agent {
	readonly ended: Promise<AgentEnd>;
	readonly #config: AgentConfig;
	readonly #log: Logger;
	readonly #table: AttemptTable;
	readonly #leases: Leases;
	readonly #cache: InputCache;
	readonly #metrics: Metrics;
	readonly #link: CoordinatorLink;
	readonly #settler: Settler;
	readonly #runner: AttemptRunner;
	readonly #heartbeats: Heartbeats;
	readonly #samples: Samples;
	readonly #sweep: Sweep;
	readonly #groups: ControlGroups | null;
	readonly #gpu: GpuWatch | null;
	readonly #onReady: () => void;
	#end!: (end: AgentEnd) => void;
	#isDraining = false;
	#wasReady = false;

	private constructor(
		config: AgentConfig,
		parts: {
			identity: Identity;
			workDir: WorkDir;
			http: CoordinatorHttp;
			commands: Commands;
			cache: InputCache;
			log: Logger;
			/** The coordinator has taken this agent in for the first time. */
			onReady: () => void;
		},
	) {
		const { identity, workDir, http, commands, cache, log } = parts;
		this.#config = config;
		this.#log = log;
		this.#cache = cache;
		this.#onReady = parts.onReady;
		this.ended = new Promise((resolve) => {
			this.#end = resolve;
		});
		this.#table = new AttemptTable(config.concurrency);
		this.#leases = new Leases(this.#table);
		const nvidiaSmi = findProgram('nvidia-smi');
		this.#metrics = new Metrics({ cacheBytes: () => this.#cache.bytes, folder: workDir.attempts, nvidiaSmi });
		this.#link = new CoordinatorLink({
			url: http.url,
			identity,
			log,
			hello: () => ({
				capabilities: advertise({ ...config, sandbox: commands.level, commandTypes: commands.names }),
				queues: config.queues,
				concurrency: this.#table.concurrency,
				running: this.#running(),
				...(this.#isDraining && { draining: true }),
			}),
			events: {
				onReady: (answer, sentAt) => this.#welcome(answer, sentAt),
				onLost: () => this.#fallSilent(),
				onRefused: (refusal) => this.#refused(refusal),
				onOrder: (event, message) => this.#obey(event, message),
			},
		});
		const { spool, kept } = SettleSpool.open(workDir.spool, log);
		if (kept.size > 0) log.info({ count: kept.size }, 'settlements of an earlier run wait for their acknowledgement');
		this.#settler = new Settler({
			spool,
			kept,
			send: (items) => this.#link.settle(items),
			isReady: () => this.#link.isReady,
			log,
		});
		const meters = openMeters(config.metering, this.#table, log);
		this.#groups = meters.groups;
		this.#gpu = meters.gpu;
		this.#runner = new AttemptRunner({
			table: this.#table,
			transfers: new Transfers(http, cache),
			commands,
			reporter: new Reporter((event, message) => this.#link.emit(event, message)),
			settler: this.#settler,
			folder: workDir.attempts,
			groups: this.#groups,
			egress: config.egress === 'none' ? null : { allow: config.egressAllow, xApi: config.xApi },
			log,
		});
		this.#samples = new Samples({ link: this.#link, read: () => this.#metrics.read() });
		this.#heartbeats = new Heartbeats({
			link: this.#link,
			running: () => this.#running(),
			metrics: () => this.#samples.latest,
			onRenewed: (refs, sentAt, answer) => {
				this.#leases.renew(refs, sentAt, answer.leaseMs);
				this.#void(answer.void);
			},
		});
		this.#sweep = new Sweep(this.#table, (type) => commands.has(type), {
			onLeaseLost: (attempt) => {
				log.warn({ task: attempt.ref.task, attempt: attempt.ref.attempt }, 'the lease was lost: stopping the task');
				attempt.leaseEndsAt = Number.POSITIVE_INFINITY;
				this.#runner.stopAttempt(attempt, 'void');
			},
			onSoftLimit: (attempt) => this.#runner.stopAttempt(attempt, 'timeout'),
			onKillDue: (attempt) => this.#runner.kill(attempt),
			onMemoryLimit: (attempt) => this.#runner.stopAttempt(attempt, 'memory'),
		});
		this.#link.open();
	}

	/** Starts working; the agent runs until `ended` resolves. */
	static async start(
		config: AgentConfig,
		parts: {
			identity: Identity;
			workDir: WorkDir;
			http: CoordinatorHttp;
			commands: Commands;
			log: Logger;
			onReady: () => void;
		},
	): Promise<Agent> {
		await rm(parts.workDir.attempts, { recursive: true, force: true });
		await mkdir(parts.workDir.attempts, { recursive: true });
		const cache = await InputCache.open(parts.workDir.cache, config.cacheBytes);
		return new Agent(config, { ...parts, cache });
	}

	/** Takes no new work, finishes what runs, hands over the settlements, ends. */
	drain(): void {
		if (this.#isDraining) return;
		this.#isDraining = true;
		this.#log.info({ running: this.#table.size }, 'draining: no new work, what runs is finished');
		this.#runner.declining = 'the agent is draining';
		void this.#link.sayDraining();
		const { drainTimeoutMs } = this.#config;
		const timer = drainTimeoutMs === null ? null : setTimeout(() => this.stopNow(), drainTimeoutMs);
		void this.#finish().finally(() => timer && clearTimeout(timer));
	}

	/** Kills what runs, gives it back, and ends after two seconds at most. */
	stopNow(): void {
		this.#runner.declining = 'the agent is ending';
		this.#log.warn({ running: this.#table.size }, 'ending at once: what runs is given back');
		for (const attempt of [...this.#table.all()]) this.#runner.stopAttempt(attempt, 'leaving');
		const timer = setTimeout(() => this.#end({ kind: 'stopped' }), LAST_WORD_MS);
		void this.#table
			.empty()
			.then(() => this.#takeLeave())
			.then(() => this.#end({ kind: 'stopped' }))
			.finally(() => clearTimeout(timer));
	}

	/** Lets go of everything. What still runs is killed and not settled. */
	async [Symbol.asyncDispose](): Promise<void> {
		this.#fallSilent();
		this.#sweep.close();
		for (const attempt of [...this.#table.all()]) this.#runner.stopAttempt(attempt, 'void');
		await this.#table.empty();
		this.#link.close();
		this.#settler.close();
		await this.#runner.close();
		this.#groups?.close();
		this.#gpu?.close();
		this.#metrics.close();
	}

	async #finish(): Promise<void> {
		await this.#table.empty();
		const timer = setTimeout(() => {
			if (!this.#link.isReady) this.#end({ kind: 'drained' });
		}, DRAINED_WAIT_MS);
		await this.#takeLeave();
		clearTimeout(timer);
		this.#end({ kind: 'drained' });
	}

	/** What was assigned before the coordinator has heard that this agent leaves comes before its answer, and is given back. */
	async #takeLeave(): Promise<void> {
		await this.#link.sayDraining();
		await this.#settler.empty();
	}

	#running() {
		return [...this.#table.refs(), ...this.#settler.refs(MOST_SETTLED_REFS)];
	}

	#welcome(answer: Extract<HelloAnswer, { ok: true }>, sentAt: number): void {
		this.#leases.renew(this.#table.refs(), sentAt, answer.leaseMs);
		this.#void(answer.void);
		this.#heartbeats.start(answer.heartbeatMs, answer.leaseMs);
		this.#samples.start();
		this.#settler.resendAll();
		this.#log.info({ leaseMs: answer.leaseMs, running: this.#table.size }, 'the coordinator has taken this agent in');
		if (!this.#wasReady) this.#onReady();
		this.#wasReady = true;
	}

	#void(attempts: readonly AttemptRef[]): void {
		for (const { token } of attempts) {
			this.#settler.drop(token);
			this.#runner.stop(token, 'void');
		}
	}

	#obey(event: 'task:assign' | 'task:cancel' | 'agent:drain' | 'agent:configure', message: unknown): void {
		switch (event) {
			case 'task:assign':
				this.#assign(message);
				break;
			case 'task:cancel':
				this.#cancel(message);
				break;
			case 'agent:drain':
				this.drain();
				break;
			case 'agent:configure':
				this.#configure(message);
				break;
		}
	}

	#cancel(message: unknown): void {
		const order = cancelSchema.safeParse(message);
		if (!order.success) this.#log.warn('ignored a malformed task:cancel');
		for (const { reason, ...ref } of order.data?.attempts ?? []) {
			if (reason === 'void') this.#void([ref]);
			else this.#runner.stop(ref.token, reason);
		}
	}

	#configure(message: unknown): void {
		const order = configureSchema.safeParse(message);
		if (order.success) {
			this.#table.concurrency = order.data.concurrency;
			this.#log.info(order.data, 'the coordinator has set the concurrency');
		} else {
			this.#log.warn('ignored a malformed agent:configure');
		}
	}

	#assign(message: unknown): void {
		const { assignments, malformed } = readAssignments(message);
		if (malformed > 0) this.#log.warn({ malformed }, 'ignored malformed assignments');
		this.#runner.accept(assignments, this.#leases.leaseMs);
	}

	#fallSilent(): void {
		this.#heartbeats.stop();
		this.#samples.stop();
	}

	#refused(refusal: Refused): void {
		this.#fallSilent();
		this.#end({ kind: 'refused', refusal });
	}
}
