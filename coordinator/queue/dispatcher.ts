import type { Assignment } from '../../shared/protocol/agent-link.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { Logger } from '../report/logger.ts';
import type { Decision } from '../scheduler/ready-task.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lease, OpenTask, StoredGiven, StoredInput } from './open-task.ts';
import type { OpenTasks } from './open-tasks.ts';
import type { OnAttemptOver } from './settlements.ts';
import type { TaskAnnouncements } from './task-announcements.ts';
import { timeLimitsOf } from './time-limits.ts';

/** Most starts in one turn of the event loop, so that requests get their turn too. */
const STARTS_A_TURN = 1_000;
/** Timers longer than this are split: Node's own limit is 2^31 ms. */
const LONGEST_SLEEP_MS = 3_600_000;
/** When claims cannot be written (a full disk), new starts wait so long. */
const PAUSE_AFTER_FAILURE_MS = 1_000;

/** Fills free slots: picks, fetches payloads that are not in memory, leases, pushes. Nothing polls: somebody says `kick`. */
export class Dispatcher {
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #open: OpenTasks;
	readonly #leases: LeaseBook;
	readonly #announcements: TaskAnnouncements;
	readonly #logger: Logger;
	readonly #policies: PolicyBook;
	readonly #takesWork: (node: string) => boolean;
	readonly #push: (node: string, tasks: Assignment[]) => void;
	readonly #takeBack: (leases: readonly Lease[]) => void;
	readonly #onAttemptOver: OnAttemptOver;
	readonly #preempt: (decisions: readonly Decision<OpenTask>[]) => void;
	#alarm: NodeJS.Timeout | null = null;
	#kicked = false;
	#paused = false;
	#stopped = false;

	constructor(options: {
		scheduler: TaskScheduler<OpenTask>;
		open: OpenTasks;
		leases: LeaseBook;
		announcements: TaskAnnouncements;
		logger: Logger;
		policies: PolicyBook;
		takesWork: (node: string) => boolean;
		push: (node: string, tasks: Assignment[]) => void;
		/** These attempts are void although they have been pushed. */
		takeBack: (leases: readonly Lease[]) => void;
		onAttemptOver: OnAttemptOver;
		/** The slots of these are wanted for other work. */
		preempt: (decisions: readonly Decision<OpenTask>[]) => void;
	}) {
		this.#scheduler = options.scheduler;
		this.#open = options.open;
		this.#leases = options.leases;
		this.#announcements = options.announcements;
		this.#logger = options.logger;
		this.#policies = options.policies;
		this.#takesWork = options.takesWork;
		this.#push = options.push;
		this.#takeBack = options.takeBack;
		this.#onAttemptOver = options.onAttemptOver;
		this.#preempt = options.preempt;
	}

	/** Work or room has come: at the end of this turn it is looked at once, however often this was called. */
	kick(): void {
		if (this.#kicked || this.#paused || this.#stopped) return;
		this.#kicked = true;
		setImmediate(() => {
			this.#kicked = false;
			if (!this.#stopped) this.#fill();
		});
	}

	stop(): void {
		this.#stopped = true;
		if (this.#alarm) clearTimeout(this.#alarm);
	}

	#fill(): void {
		const now = performance.now();
		const decisions = this.#scheduler.pick(STARTS_A_TURN, now);
		if (decisions.length < STARTS_A_TURN) this.#settleRest(now);
		if (decisions.length === 0) return;
		const ready: Decision<OpenTask>[] = [];
		const bare: Decision<OpenTask>[] = [];
		for (const decision of decisions) {
			if (decision.task.payload) this.#open.take(decision.task);
			(decision.task.payload ? ready : bare).push(decision);
		}
		if (ready.length > 0) this.#start(ready);
		if (bare.length > 0) void this.#startBare(bare);
		if (decisions.length === STARTS_A_TURN) this.kick();
	}

	/** All that can start has: idle-only work makes room for the rest, and what a rate of starts holds back is looked at in time. */
	#settleRest(now: number): void {
		const preempted = this.#scheduler.preempt(STARTS_A_TURN, now);
		if (preempted.length > 0) this.#preempt(preempted);
		const wakeAt = this.#scheduler.wakeAt(now);
		if (this.#alarm) clearTimeout(this.#alarm);
		this.#alarm =
			wakeAt === null ? null : setTimeout(() => this.kick(), Math.min(wakeAt - now, LONGEST_SLEEP_MS)).unref();
	}

	async #startBare(decisions: Decision<OpenTask>[]): Promise<void> {
		try {
			await this.#open.fill(decisions.map(({ task }) => task));
		} catch (error) {
			this.#logger.error({ err: error }, 'payloads could not be read; the work goes back into line');
			for (const { task } of decisions) this.#putBack(task);
			this.#pause();
			return;
		}
		const there: Decision<OpenTask>[] = [];
		for (const decision of decisions) {
			// A row that is gone, or whose node left or was told to leave meanwhile, or whose slot other work wants, must not keep it.
			const mayStart = this.#takesWork(decision.node) && !this.#scheduler.isYielding(decision.task.seq);
			if (decision.task.payload && mayStart) there.push(decision);
			else this.#putBack(decision.task);
		}
		this.#start(there);
	}

	#start(decisions: readonly Decision<OpenTask>[]): void {
		const leases = this.#leases.grant(decisions);
		const byNode = new Map<string, Assignment[]>();
		for (const lease of leases) {
			const { longestRunMs } = this.#policies.ofClass(lease.task.serviceClass).settings;
			const assignment = assignmentOf(lease, longestRunMs);
			const batch = byNode.get(lease.node);
			if (batch) batch.push(assignment);
			else byNode.set(lease.node, [assignment]);
			this.#announcements.leaseChanged(lease, 'running');
		}
		for (const [node, batch] of byNode) this.#push(node, batch);
	}

	/** Claims were refused: what was pushed is void, and what the ledger still has in line goes back there. */
	claimsRefused(refused: readonly Lease[], why: 'ended' | 'unwritten'): void {
		this.#takeBack(refused);
		for (const lease of refused) {
			this.#leases.close(lease);
			this.#onAttemptOver(lease, null);
			this.#scheduler.release(lease.task.seq, null, performance.now());
			if (why === 'ended') {
				this.#announcements.othersChanged(lease.task.owner);
				continue;
			}
			lease.task.attempt -= 1;
			lease.task.version -= 1;
			this.#open.requeue(lease.task);
		}
		if (why === 'unwritten') this.#pause();
		else this.kick();
	}

	#putBack(task: OpenTask): void {
		this.#scheduler.release(task.seq, null, performance.now());
		this.#open.requeue(task);
		this.kick();
	}

	#pause(): void {
		if (this.#paused) return;
		this.#paused = true;
		setTimeout(() => {
			this.#paused = false;
			this.kick();
		}, PAUSE_AFTER_FAILURE_MS).unref();
	}
}

const assignmentOf = (lease: Lease, longestRunMs: number | null): Assignment => {
	const { manifest, payload } = lease.task;
	const { parameters, inputs, given } = payload as NonNullable<OpenTask['payload']>;
	const { memoryBytes, outputBytes } = manifest.limits;
	return {
		task: lease.id,
		attempt: lease.attempt,
		token: lease.token,
		type: manifest.name,
		typeVersion: manifest.version,
		parameters: parameters === '{}' ? {} : (JSON.parse(parameters) as Record<string, Json>),
		inputs: inputs === '[]' ? [] : (JSON.parse(inputs) as StoredInput[]).map(assignedInput),
		limits: { ...timeLimitsOf(manifest.limits, longestRunMs), memoryBytes, outputBytes },
		hardware: manifest.needs.hardware,
		sandbox: manifest.needs.sandbox,
		...(given === null ? {} : { given: assignedGiven(given) }),
		...(manifest.command ? { command: manifest.command } : {}),
	};
};

/** Of its secrets only the names: an agent fetches what they are when the task starts, by the attempt's token. */
const assignedGiven = (text: string): NonNullable<Assignment['given']> => {
	const { source = null, secrets = {} } = JSON.parse(text) as StoredGiven;
	return { source, secrets: Object.keys(secrets) };
};

const assignedInput = ({ path, sha256, size }: StoredInput): Assignment['inputs'][number] => ({
	name: path.slice(path.lastIndexOf('/') + 1),
	sha256,
	size,
});
