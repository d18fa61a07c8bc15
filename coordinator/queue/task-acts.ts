import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '../../shared/coded-error.ts';
import type { SteerAnswer, SteerTasks } from '../../shared/protocol/act.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { type ActRow, beginAct, countNotes, finishAct } from '../acts/act-store.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import { diskFull } from '../database/disk-full.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { Logger } from '../report/logger.ts';
import type { ActParts, Part } from './act-parts.ts';
import { ALTERATIONS, type Alteration, type Wanted } from './judge-alteration.ts';
import type { Queues } from './queues.ts';
import { refuseLeftAlone } from './refuse-left-alone.ts';
import { countStopping } from './retry-store.ts';
import type { TaskMatcher } from './task-matcher.ts';

/** Of the verbs that `undo` takes back. */
export const UNDOABLE_TASK_ACTS: readonly string[] = [...ALTERATIONS, 'cancel'].map((verb) => `tasks.${verb}`);

/** A caller waits so long; a longer act goes on in the background. */
const ANSWERED_WITHIN_MS = 2_000;

/** What came of an act, and why the last task that was left as it was. */
interface Outcome {
	answer: SteerAnswer;
	why: Part['why'];
}

interface Plan {
	verb: string;
	object: string;
	detail: Record<string, Json>;
	/** Tasks that are matched, for the record. */
	matched: number;
	undoes: number | null;
}

/**
 * Acts on many tasks: found first, then done in parts, each one durable before it is brought into the line, with turns of
 * the event loop between them. A kill in the middle leaves the parts that are done; the act's row tells how far it came,
 * and the same act again does the rest.
 */
export class TaskActs {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #matcher: TaskMatcher;
	readonly #parts: ActParts;
	readonly #queues: Queues;
	/** Acts under way, by id. */
	readonly #running = new Map<string, Promise<void>>();
	/** Undos under way, by the row of the act that they undo. */
	readonly #undoing = new Map<number, string>();
	#stopped = false;

	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		matcher: TaskMatcher;
		parts: ActParts;
		queues: Queues;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#matcher = options.matcher;
		this.#parts = options.parts;
		this.#queues = options.queues;
	}

	isRunning(id: string): boolean {
		return this.#running.has(id);
	}

	/** The act that undoes this one at the moment. */
	undoUnderWay(act: number): string | null {
		return this.#undoing.get(act) ?? null;
	}

	/** Does one thing to the named tasks, or to all that fit a filter. */
	async steer(request: SteerTasks, by: Doer): Promise<SteerAnswer> {
		return (await this.#steer(request, by)).answer;
	}

	async #steer(request: SteerTasks, by: Doer): Promise<Outcome> {
		const { verb, ids, filter, expected, reason, routingKey } = request;
		if (routingKey !== undefined && !request.force) this.#checkKey(routingKey);
		const most = request.dryRun ? request.countTo : undefined;
		const seqs = ids ? await this.#matcher.byIds(ids) : await this.#matcher.byFilter(verb, filter ?? {}, most);
		const matched = seqs.length;
		if (expected !== undefined && matched > expected) {
			throw new CodedError(
				'filter-changed',
				`${matched} tasks match now, and ${expected} were expected; nothing was changed. Look again and repeat.`,
			);
		}
		if (request.dryRun || matched === 0) {
			return { answer: { act: null, matched, changed: 0, skipped: 0, done: true }, why: null };
		}
		const detail: Record<string, Json> = {
			...(filter ? { filter: filter as Json } : { ids: (ids ?? []).slice(0, 100) }),
			...(reason === undefined ? {} : { reason }),
			...(routingKey === undefined ? {} : { routingKey }),
			matched,
		};
		const object = ids ? (ids.length === 1 ? (ids[0] ?? '') : `${ids.length} tasks`) : wordsOf(filter ?? {});
		const wanted = { reason: reason ?? null, routingKey: routingKey ?? null };
		return this.#do({ verb: `tasks.${verb}`, object, detail, matched, undoes: null }, by, (act, at) =>
			this.#parts.of(verb, seqs, act, { ...wanted, by: by.actor, at, asOwner: false }),
		);
	}

	/** One task, for those who may do it to anybody's. Repeating it changes nothing; throws when nothing can come of it. */
	async one(
		id: string,
		request: Pick<SteerTasks, 'verb' | 'reason' | 'routingKey' | 'force'>,
		by: Doer,
	): Promise<void> {
		const { why } = await this.#steer({ ...request, ids: [id], dryRun: false }, by);
		refuseLeftAlone(request.verb, why);
	}

	/** Cancels everything of a queue that does not run, and what waits for it. What is cut can be repeated. */
	async purge(
		queue: string,
		{ confirm, reason, dryRun }: { confirm: string | null; reason: string | null; dryRun: boolean },
		by: Doer,
	): Promise<SteerAnswer> {
		this.#queues.row(queue);
		const seqs = await this.#matcher.ofQueue(queue);
		if (dryRun) return { act: null, matched: seqs.length, changed: 0, skipped: 0, done: true };
		const many =
			seqs.length === 1 ? 'the 1 task in it that does not run' : `the ${seqs.length} tasks in it that do not run`;
		requireConfirmation(queue, confirm, `cancels ${many}, for good`);
		const detail = { ...(reason === null ? {} : { reason }), matched: seqs.length };
		const plan: Plan = { verb: 'queue.purge', object: queue, detail, matched: seqs.length, undoes: null };
		return (await this.#do(plan, by, (act, at) => this.#parts.cancel(seqs, act, at, true))).answer;
	}

	/** Deletes a queue; while tasks stand in it, delayed, held and retrying ones too, only when that is confirmed. */
	async deleteQueue(name: string, confirm: string | null, by: Doer): Promise<void> {
		this.#queues.row(name);
		const left = (await this.#matcher.ofQueue(name)).length;
		if (left > 0) requireConfirmation(name, confirm, `leaves its ${left} tasks waiting for another queue`);
		await this.#queues.delete(name, left, by);
	}

	/** Runs again what ended without success. */
	async replay(seqs: readonly number[], object: string, detail: Record<string, Json>, by: Doer): Promise<SteerAnswer> {
		const plan: Plan = { verb: 'tasks.retry', object, detail, matched: seqs.length, undoes: null };
		return (await this.#do(plan, by, (act, at) => this.#parts.retry(seqs, act, at))).answer;
	}

	/** Takes what failed out of the quarantine. */
	async discard(seqs: readonly number[], object: string, detail: Record<string, Json>, by: Doer): Promise<SteerAnswer> {
		const matched = seqs.length;
		const plan: Plan = { verb: 'tasks.discard', object, detail: { ...detail, matched }, matched, undoes: null };
		return (await this.#do(plan, by, (act, at) => this.#parts.discard(seqs, act, at))).answer;
	}

	/** Puts back what an act altered, and queues again what it cancelled, where nobody has said otherwise since. Throws `wrong-state` while that still stops. */
	async undo(undone: ActRow, by: Doer): Promise<SteerAnswer> {
		const { id, seq, changed, noted, at, actor, detail } = undone;
		if (undone.verb === 'tasks.cancel') await this.#refuseWhileStopping(seq, at);
		const done: Wanted = {
			verb: undone.verb.slice('tasks.'.length) as Alteration,
			...{ by: actor, asOwner: false, at, reason: null },
			routingKey: (detail.routingKey as string | undefined) ?? null,
		};
		// Of very large acts only so many tasks were noted; of one whose undo was cut some have been put back.
		const notNoted = Math.max(0, changed - noted);
		const matched = (await this.#ledger.read(countNotes, seq)) + notNoted;
		const plan: Plan = {
			...{ verb: `${undone.verb}.undo`, object: id, matched, undoes: seq },
			detail: { undoes: id, notNoted },
		};
		const parts = (act: number) =>
			undone.verb === 'tasks.cancel' ? this.#parts.uncancel(act, seq, at) : this.#parts.undo(act, seq, done);
		return (await this.#do(plan, by, parts)).answer;
	}

	/** Stops between two parts; the acts count as cut. */
	async [Symbol.asyncDispose](): Promise<void> {
		this.#stopped = true;
		await Promise.all(this.#running.values());
	}

	#checkKey(routingKey: string): void {
		const { queue, draining } = this.#queues.targetOf(routingKey);
		if (queue === null) {
			throw new CodedError(
				'no-queue-for-key',
				`The routing key ${routingKey} reaches no queue. Bind one to it first, or force the move: then the tasks wait for one.`,
			);
		}
		if (draining)
			throw new CodedError('queue-draining', `${routingKey} reaches the queue ${queue}, which is draining.`);
	}

	/** What is to stop is cancelled only when it has ended: an undo before that would pass it over, and for good. */
	async #refuseWhileStopping(act: number, cancelledAt: number): Promise<void> {
		const many = await this.#ledger.read(countStopping, { act, cancelledAt });
		if (many === 0) return;
		const what = many === 1 ? '1 task of this act is' : `${many} tasks of this act are`;
		throw new CodedError('wrong-state', `${what} still stopping; nothing was undone. Try again in a moment.`);
	}

	async #do(plan: Plan, by: Doer, parts: (act: number, at: number) => AsyncIterable<Part>): Promise<Outcome> {
		const { verb, object, detail, matched, undoes } = plan;
		const id = newId('act');
		const audit = auditOf(by, verb, object, detail);
		const act = await this.#ledger.write(beginAct, { id, audit, matched, ...(undoes === null ? {} : { undoes }) });
		const so: Part = { changed: 0, skipped: 0, why: null };
		let failure: unknown = null;
		const work = this.#run(parts(act, audit.at), so)
			.then(async (isWhole) => {
				if (!isWhole) return;
				await this.#ledger.write(finishAct, { act, undoes, audit: auditOf(by, `${verb}.done`, id) });
			})
			.catch((error: unknown) => {
				failure = error;
				this.#logger.error({ err: error, act: id, verb }, 'an act on tasks was cut short; it can be asked for again');
			})
			.finally(() => {
				this.#running.delete(id);
				if (undoes !== null) this.#undoing.delete(undoes);
			});
		this.#running.set(id, work);
		if (undoes !== null) this.#undoing.set(undoes, id);
		let timer: NodeJS.Timeout | null = null;
		const late = new Promise<'late'>((resolve) => {
			timer = setTimeout(() => resolve('late'), ANSWERED_WITHIN_MS);
		});
		const won = await Promise.race([work, late]);
		if (timer) clearTimeout(timer);
		if (failure !== null) throw cutShort(failure, { id, matched, ...so });
		const { changed, skipped, why } = so;
		return { answer: { act: id, matched, changed, skipped, done: won !== 'late' }, why };
	}

	/** True when all parts were done. */
	async #run(parts: AsyncIterable<Part>, so: Part): Promise<boolean> {
		for await (const { changed, skipped, why } of parts) {
			so.why = why;
			so.changed += changed;
			so.skipped += skipped;
			if (this.#stopped) return false;
			await nextTurn();
		}
		return true;
	}
}

/** What cannot be undone is confirmed by the name of what it is done to. */
const requireConfirmation = (name: string, confirm: string | null, what: string): void => {
	if (confirm === name) return;
	const field = { path: 'confirm', message: confirm === null ? 'is missing' : 'is not the queue’s name' };
	throw new CodedError(
		'confirmation-needed',
		`This ${what}. To confirm, give the queue’s name once more: confirm=${name}, on the command line --confirm ${name}.`,
		{
			fields: [field],
		},
	);
};

/** A full disk in the middle: what was done before is done, and whoever asked must know. */
const cutShort = (
	failure: unknown,
	so: Pick<Part, 'changed' | 'skipped'> & { id: string; matched: number },
): unknown => {
	const handled = so.changed + so.skipped;
	if (!(failure instanceof CodedError) || failure.code !== 'disk-full' || handled === 0) return failure;
	const what = `The coordinator’s disk is full: the act ${so.id} was cut after ${handled} of ${so.matched} tasks, and what was done stays done.`;
	return diskFull(what, 'then the same again does the rest', { cause: failure });
};

const wordsOf = (filter: object): string =>
	Object.entries(filter)
		.map(([name, value]) => `${name}=${value}`)
		.join(' ');
