import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import type { ClassOf, OpenTask } from './open-task.ts';

/** What is done in one turn of the event loop: a task that is only looked at is one, one that is moved costs more. */
const WORK_A_TURN = 20_000;
const WORK_OF_A_MOVE = 10;

/**
 * Moves tasks in line to the class that they are to go by, when that has changed. Each keeps its place by arrival. A walk
 * takes a few thousand tasks a turn, so that a million hold up nothing; what was picked or cancelled meanwhile is not in
 * line any more and left alone.
 */
export class ClassMoves {
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #classOf: ClassOf;
	readonly #onMoved: () => void;
	/** Tasks still to be looked at; null: nothing is to be done. */
	#walk: Iterator<OpenTask> | null = null;
	#again = false;
	#isStopped = false;

	constructor(options: {
		scheduler: TaskScheduler<OpenTask>;
		classOf: ClassOf;
		/** The line has changed: there may be something to start. */
		onMoved: () => void;
	}) {
		this.#scheduler = options.scheduler;
		this.#classOf = options.classOf;
		this.#onMoved = options.onMoved;
	}

	/** Classes of people or of tasks have changed. The first few thousand tasks are where they belong when this returns. */
	begin(): void {
		if (this.#walk) {
			this.#again = true;
			return;
		}
		this.#walk = this.#scheduler.queuedTasks();
		this.#step();
	}

	stop(): void {
		this.#isStopped = true;
	}

	#step(): void {
		if (this.#isStopped || !this.#walk) return;
		let moved = false;
		for (let left = WORK_A_TURN; left > 0; left -= 1) {
			const { value: task, done } = this.#walk.next();
			if (done) {
				this.#walk = this.#again ? this.#scheduler.queuedTasks() : null;
				this.#again = false;
				break;
			}
			const serviceClass = this.#classOf(task.owner, task.ownClass);
			if (serviceClass === task.serviceClass) continue;
			this.#scheduler.remove(task.seq);
			task.serviceClass = serviceClass;
			this.#scheduler.enqueue(task, performance.now());
			moved = true;
			left -= WORK_OF_A_MOVE;
		}
		if (moved) this.#onMoved();
		if (this.#walk) setImmediate(() => this.#step());
	}
}
