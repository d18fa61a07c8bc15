import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assignment, Settlement } from '../../shared/protocol/agent-link.ts';
import { Redactor } from '../../shared/redact.ts';
import type { LinkLog } from '../link/coordinator-link.ts';
import type { Reporter } from '../link/reporter.ts';
import type { Commands } from '../sandbox/commands.ts';
import { Attempt, type StopReason } from '../slots/attempt.ts';
import type { AttemptTable } from '../slots/attempt-table.ts';
import { asksOutside, isBuiltIn, isInstant } from '../tasks/catalog.ts';
import type { FromChild, Run, RunDone } from '../tasks/child-messages.ts';
import type { Egress, SourceGiven, TaskInput } from '../tasks/task-module.ts';
import type { Transfers } from '../transfer/transfers.ts';
import { AttemptMeter } from './attempt-meter.ts';
import type { ChildEnd } from './child.ts';
import { ChildPool } from './child-pool.ts';
import type { ControlGroups } from './control-groups.ts';
import { killTree } from './kill-tree.ts';
import * as settlements from './settlements.ts';

/** From being asked to stop until being killed; what is preempted has to be gone within two seconds. */
const GRACE_MS = { cancelled: 2_000, preempted: 1_500 } as const;

/** Takes assignments through their stages: fetch, run, upload, settle. */
export class AttemptRunner {
	readonly #table: AttemptTable;
	readonly #transfers: Transfers;
	readonly #commands: Commands;
	readonly #reporter: Reporter;
	readonly #settler: { add(settlement: Settlement): void; has(token: string): boolean };
	readonly #folder: string;
	readonly #egress: Egress | null;
	readonly #log: LinkLog;
	readonly #pool: ChildPool;
	#runs = 0;
	/** Set while no new work is taken: the reason given with what comes all the same. */
	declining: string | null = null;

	constructor(options: {
		table: AttemptTable;
		transfers: Transfers;
		commands: Commands;
		reporter: Reporter;
		settler: { add(settlement: Settlement): void; has(token: string): boolean };
		/** Where attempts write; emptied at start. */
		folder: string;
		/** Null: its tasks ask nobody. */
		egress: Egress | null;
		/** Null: CPU is measured by /proc. */
		groups: ControlGroups | null;
		log: LinkLog;
	}) {
		this.#table = options.table;
		this.#transfers = options.transfers;
		this.#commands = options.commands;
		this.#reporter = options.reporter;
		this.#settler = options.settler;
		this.#folder = options.folder;
		this.#egress = options.egress;
		this.#log = options.log;
		this.#pool = new ChildPool({
			groups: options.groups,
			onMessage: (message) => this.#receive(message),
			onEnd: (_, end, runs) => this.#lose(end, runs),
		});
		this.#pool.warm();
	}

	accept(assignments: readonly Assignment[], leaseMs: number): void {
		const now = performance.now();
		const instant: Run[] = [];
		for (const assignment of assignments) {
			if (this.#table.has(assignment.token) || this.#settler.has(assignment.token)) continue;
			const refusal = this.#refusal(assignment);
			if (refusal !== null) {
				this.#settler.add(settlements.declined(assignment, refusal));
				continue;
			}
			const attempt = new Attempt(assignment, ++this.#runs, now, leaseMs);
			this.#table.add(attempt);
			if (assignment.inputs.length === 0 && isInstant(assignment.type, assignment.parameters)) {
				instant.push(this.#begin(attempt, [], ''));
			} else {
				void this.#execute(attempt);
			}
		}
		if (instant.length > 0) this.#dispatchInstant(instant);
	}

	/** Asks an attempt to stop; kills it when it does not, or at once when it is not this node's any more. */
	stop(token: string, reason: StopReason): void {
		const attempt = this.#table.get(token);
		if (attempt) this.stopAttempt(attempt, reason);
	}

	stopAttempt(attempt: Attempt, reason: StopReason): void {
		const isFinal = attempt.stop !== null && attempt.stop !== 'timeout';
		if (isFinal && reason !== 'void') return;
		attempt.stop = reason;
		if (attempt.stage !== 'running') {
			attempt.stopTransfers();
			return;
		}
		if (reason === 'timeout' || reason === 'cancelled' || reason === 'preempted') {
			if (attempt.pid !== null) this.#pool.abort(attempt.pid, attempt.run, reason);
			if (reason !== 'timeout') attempt.killAt = Math.min(attempt.killAt, performance.now() + GRACE_MS[reason]);
		} else {
			this.kill(attempt);
		}
	}

	/** Kills the whole process tree of a running attempt; its end is settled when the child is gone. */
	kill(attempt: Attempt): void {
		attempt.killAt = Number.POSITIVE_INFINITY;
		attempt.stop ??= 'timeout';
		if (attempt.pid === null) return;
		this.#pool.condemn(attempt.pid);
		killTree(attempt.pid, {
			others: this.#pool.groupOf(attempt.pid)?.members() ?? [],
			mark: this.#commands.markOf(attempt),
			onStopped: (stopped) => attempt.meter?.killed(stopped, performance.now()),
		});
	}

	/** Ends the children; nothing may be running any more. */
	async close(): Promise<void> {
		await this.#pool.close();
		await rm(this.#folder, { recursive: true, force: true });
	}

	#refusal(assignment: Assignment): string | null {
		if (this.declining !== null) return this.declining;
		if (this.#table.isFull) return 'no free slot';
		if (asksOutside(assignment.type) && this.#egress === null) return 'this node asks no other machines for anything';
		if (isBuiltIn(assignment.type)) return null;
		if (!this.#commands.has(assignment.type)) return `this node does not have the task type ${assignment.type}`;
		return this.#commands.refusal(assignment);
	}

	async #execute(attempt: Attempt): Promise<void> {
		const { assignment } = attempt;
		try {
			const inputs = assignment.inputs.length > 0 ? await this.#transfers.fetchInputs(attempt) : [];
			const run = this.#begin(attempt, inputs, join(this.#folder, String(attempt.run)));
			await this.#give(attempt, run);
			if (this.#commands.has(assignment.type)) {
				run.command = await this.#commands.prepare(attempt, inputs, this.#folder);
			}
			if (attempt.stop !== null) return this.#endStopped(attempt, 'asked');
			this.#dispatch([run], false);
			this.#reporter.started(attempt.ref);
		} catch (error) {
			this.#endByError(attempt, error);
		}
	}

	#begin(attempt: Attempt, inputs: TaskInput[], folder: string): Run {
		const { type, parameters, limits } = attempt.assignment;
		return { id: attempt.run, type, parameters, inputs, folder, outputBytes: limits.outputBytes };
	}

	/** What it is given beside inputs and parameters; secrets are fetched last, and kept for as long as it runs. */
	async #give(attempt: Attempt, run: Run): Promise<void> {
		const { type, given } = attempt.assignment;
		if (asksOutside(type) && this.#egress !== null) run.egress = this.#egress;
		if (given?.source) run.source = given.source as SourceGiven;
		if (!given || given.secrets.length === 0) return;
		run.secrets = await this.#transfers.fetchSecrets(attempt, given.secrets);
		attempt.redactor = new Redactor(Object.values(run.secrets));
	}

	#dispatchInstant(runs: Run[]): void {
		try {
			this.#dispatch(runs, true);
		} catch (error) {
			// No process could be started, for want of memory perhaps: that must not end the agent.
			for (const { id } of runs) {
				const attempt = this.#table.byRun(id);
				if (attempt) this.#endByError(attempt, error);
			}
		}
	}

	#dispatch(runs: Run[], areInstant: boolean): void {
		const now = performance.now();
		const pid = this.#pool.run(runs, areInstant);
		const group = this.#pool.groupOf(pid);
		for (const { id } of runs) {
			const attempt = this.#table.byRun(id);
			if (!attempt) continue;
			attempt.stage = 'running';
			attempt.pid = pid > 1 ? pid : null;
			const isCommand = this.#commands.has(attempt.assignment.type);
			attempt.meter = new AttemptMeter(now, areInstant ? null : { pid, group, isCommand });
			attempt.softAt = now + attempt.assignment.limits.softMs;
			attempt.killAt = now + Math.max(attempt.assignment.limits.hardMs, attempt.assignment.limits.softMs);
		}
	}

	#receive(message: FromChild): void {
		if ('done' in message) {
			for (const done of message.done) {
				const attempt = this.#table.byRun(done.id);
				if (attempt) this.#finish(attempt, done);
			}
		} else if ('begun' in message) {
			this.#table.byRun(message.begun.id)?.meter?.begun(message.begun);
		} else if ('watching' in message) {
			this.#table.byRun(message.watching.id)?.meter?.watching(message.watching.own);
		} else if ('progress' in message) {
			const { id, progress, phase } = message.progress;
			const attempt = this.#table.byRun(id);
			if (attempt) this.#reporter.progress({ ...attempt.ref, progress, phase });
		} else {
			const attempt = this.#table.byRun(message.log.id);
			if (!attempt) return;
			this.#reporter.log({ ...attempt.ref, firstSeq: attempt.nextLogSeq, lines: message.log.lines });
			attempt.nextLogSeq += message.log.lines.length;
		}
	}

	#finish(attempt: Attempt, done: RunDone): void {
		attempt.pid = null;
		attempt.meter?.done(done.usage, performance.now());
		if (done.hasFolder) attempt.hasFolder = true;
		attempt.meter?.leftOver(this.#commands.clean(attempt));
		// Done is done: the limits below are for what runs.
		attempt.softAt = Number.POSITIVE_INFINITY;
		attempt.killAt = Number.POSITIVE_INFINITY;
		// What was done in time all the same counts.
		const mayFinish = attempt.stop === 'timeout' || attempt.stop === 'preempted';
		const wasStopped = mayFinish ? done.aborted === true : attempt.stop !== null;
		if (wasStopped) {
			this.#endStopped(attempt, 'asked');
		} else if (done.failure) {
			const isFull = done.failure.code === 'disk-full';
			this.#end(
				attempt,
				isFull ? settlements.returned(attempt, done.failure.message) : settlements.failed(attempt, done.failure),
			);
		} else if (done.outputs) {
			attempt.stage = 'uploading';
			attempt.stop = null;
			void this.#upload(attempt, done);
		} else {
			this.#end(attempt, settlements.succeeded(attempt, done.result ?? {}, []));
		}
	}

	async #upload(attempt: Attempt, { result = {}, outputs = [] }: RunDone): Promise<void> {
		try {
			const uploaded = await this.#transfers.uploadOutputs(attempt, outputs);
			this.#end(attempt, settlements.succeeded(attempt, result, uploaded));
		} catch (error) {
			this.#endByError(attempt, error);
		}
	}

	/** A child has ended: the first run is the one it was at, the others had not begun. */
	#lose(end: ChildEnd, runs: readonly number[]): void {
		for (const [index, run] of runs.entries()) {
			const attempt = this.#table.byRun(run);
			if (!attempt) continue;
			attempt.pid = null;
			this.#commands.clean(attempt);
			if (index === 0) attempt.meter?.gone(performance.now());
			attempt.hasFolder = true;
			if (attempt.stop !== null) this.#endStopped(attempt, 'killed');
			else if (index === 0) this.#end(attempt, settlements.crashed(attempt, end));
			else this.#end(attempt, settlements.returned(attempt, 'the process ended before it came to this task'));
		}
	}

	#endByError(attempt: Attempt, error: unknown): void {
		if (attempt.stop !== null) this.#endStopped(attempt, 'asked');
		else this.#end(attempt, settlements.afterError(attempt, error));
	}

	#endStopped(attempt: Attempt, how: 'asked' | 'killed'): void {
		this.#end(attempt, settlements.stopped(attempt, attempt.stop ?? 'void', how));
	}

	#end(attempt: Attempt, settlement: Settlement | null): void {
		attempt.release();
		if (attempt.hasFolder) void this.#removeFolder(attempt);
		// Spooled before the slot is given back: an attempt is always in one of the two lists that a hello names.
		if (settlement) this.#settler.add(settlement);
		this.#table.remove(attempt);
	}

	async #removeFolder(attempt: Attempt): Promise<void> {
		try {
			await rm(join(this.#folder, String(attempt.run)), { recursive: true, force: true, maxRetries: 3 });
		} catch (error) {
			this.#log.warn({ err: error, task: attempt.ref.task }, 'the folder of an attempt could not be removed');
		}
	}
}
