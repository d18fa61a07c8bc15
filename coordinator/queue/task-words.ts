import type { SteerTasks } from '../../shared/protocol/act.ts';
import type { Doer } from '../audit/doer.ts';
import type { ActParts } from './act-parts.ts';
import { refuseLeftAlone } from './refuse-left-alone.ts';
import type { Steering } from './steering.ts';
import type { TaskActs } from './task-acts.ts';

/** Who says something about a task. Whoever hands this in has asked whether it may be said at all. */
export interface Speaker extends Doer {
	userSeq: number;
	/** May do so to anybody's tasks. */
	isOperator: boolean;
}

/** The task that is meant, and whose it is. */
export interface NamedTask {
	id: string;
	seq: number;
	ownerSeq: number;
}

/** What owners, too, may say about a task. */
export type Said = Pick<SteerTasks, 'reason'> & { verb: 'cancel' | 'retry' | 'hold' | 'release' };

/**
 * Tells an owner's word about one task from an operator's act. An owner's is light: it is the task's history and nothing
 * more, and what operators hold or the owner's cap forbids stands above it. An operator's is listed and audited. Of
 * their own tasks operators cancel and retry as owners; a hold is an operator's in any case, because it binds others.
 */
export class TaskWords {
	readonly #acts: TaskActs;
	readonly #parts: ActParts;
	readonly #steering: Steering;
	readonly #checkRetry: (task: NamedTask, mayNameAny: boolean) => Promise<void>;

	constructor(options: {
		acts: TaskActs;
		parts: ActParts;
		steering: Steering;
		/** Throws unless the owner might submit it now; operators may name any class. */
		checkRetry: (task: NamedTask, mayNameAny: boolean) => Promise<void>;
	}) {
		this.#checkRetry = options.checkRetry;
		this.#acts = options.acts;
		this.#parts = options.parts;
		this.#steering = options.steering;
	}

	/** Repeating it changes nothing. Throws `wrong-state`, `forbidden`, `conflict` or `too-many-queued`. */
	async say(task: NamedTask, { verb, reason }: Said, by: Speaker): Promise<void> {
		const isOwn = task.ownerSeq === by.userSeq;
		const asDoer: Doer = { actor: by.actor, address: by.address };
		if (!isOwn) return this.#acts.one(task.id, { verb, reason, force: false }, asDoer);
		if (verb === 'cancel') return this.#steering.cancelOwn(task.seq);
		if (verb === 'retry') {
			await this.#checkRetry(task, by.isOperator);
			return this.#steering.retryOwn(task);
		}
		if (by.isOperator) return this.#acts.one(task.id, { verb, reason, force: false }, asDoer);
		const wanted = { verb, by: by.actor, asOwner: true, at: Date.now(), reason: reason ?? null, routingKey: null };
		const { why } = await this.#parts.alter(null, [task.seq], wanted);
		refuseLeftAlone(verb, why);
	}
}
