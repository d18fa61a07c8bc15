import { isFinalTaskState } from '../../shared/protocol/task.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import type { PlacementView, TimeRange, Waiting } from '../../shared/protocol/waiting.ts';
import type { Range } from '../scheduler/calibration.ts';
import type { Forecast } from '../scheduler/insight.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import type { OpenTask } from './open-task.ts';
import { type WhyResting, withRestingNodes } from './resting-nodes.ts';
import type { TaskWhole } from './task-read-store.ts';
import type { TaskRow } from './task-row.ts';
import { outOfLineWords, waitingInLine, waitingWords } from './waiting-words.ts';

/** What an operator gave as the reason of a queue's pause. */
export type WhyPaused = (queue: string) => string | null;

/** What lies before a task: why it waits, when it starts and ends, and which nodes could take it. */
export class TaskOutlook {
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #manifestOf: (typeSeq: number) => Manifest;
	readonly #whyPaused: WhyPaused;
	readonly #whyResting: WhyResting;

	constructor(options: {
		scheduler: TaskScheduler<OpenTask>;
		manifestOf: (typeSeq: number) => Manifest;
		whyPaused: WhyPaused;
		whyResting: WhyResting;
	}) {
		this.#scheduler = options.scheduler;
		this.#whyPaused = options.whyPaused;
		this.#whyResting = options.whyResting;
		this.#manifestOf = options.manifestOf;
	}

	waiting(task: Pick<TaskWhole, 'row' | 'openBefore' | 'budget' | 'attempts'>): Waiting | null {
		const waiting = waitingWords(task, (seq) => this.#scheduler.insight.explain(seq, performance.now()));
		return waiting && this.#inWords(waiting);
	}

	/** Why a task waits that stands in line; null when it does not. */
	inLine(seq: number): Waiting | null {
		const reason = this.#scheduler.insight.explain(seq, performance.now());
		return reason && this.#inWords(waitingInLine(reason));
	}

	#inWords(waiting: Waiting): Waiting {
		if (waiting.rule !== 'queue-paused' || waiting.queue === null) return withRestingNodes(waiting, this.#whyResting);
		// The scheduler knows that a queue is paused, and not what its operator says of it.
		const why = this.#whyPaused(waiting.queue);
		if (why === null) return waiting;
		return { ...waiting, because: `${waiting.because} The reason given: “${why}”.` };
	}

	/** Null where it has happened, or is not known yet. */
	times({ seq, state }: TaskRow): { startsAt: TimeRange | null; finishesAt: TimeRange | null } {
		const now = performance.now();
		const { insight } = this.#scheduler;
		if (state === 'queued') return asTimes(insight.forecast(seq, now));
		if (state === 'running') return asTimes(insight.finish(seq, now));
		return { startsAt: null, finishesAt: null };
	}

	/** Every rule asked of every connected node; at most so many nodes are listed. */
	placement(task: TaskWhole, limit: number): PlacementView {
		const { row } = task;
		const { name: type, needs } = this.#manifestOf(row.typeSeq);
		const { routingKey } = row;
		const avoidNode = this.#scheduler.queuedTask(row.seq)?.avoidNode ?? null;
		const { insight } = this.#scheduler;
		const placeable = { type, needs, routingKey, avoidNode };
		const rows = insight.placement(placeable);
		const isOpen = row.state !== 'running' && !isFinalTaskState(row.state);
		const inLine = isOpen ? insight.obstacles(row.seq, placeable, performance.now()).map(waitingInLine) : [];
		return {
			waiting: this.waiting(task),
			obstacles: [...outOfLineWords(task), ...inLine].map((one) => this.#inWords(one)),
			startsAt: this.times(row).startsAt,
			total: rows.length,
			able: rows.filter(({ able }) => able).length,
			withRoom: rows.filter(({ ready }) => ready).length,
			nodes: rows.slice(0, limit).map(({ node: _, ready: __, constraints, ...rest }) => ({
				...rest,
				constraints: constraints.map(({ asked, has, ...one }) => ({ ...one, asked: plain(asked), has: plain(has) })),
			})),
		};
	}
}

/** What may be farther away than a year is not known. */
const FARTHEST_MS = 366 * 24 * 3_600_000;

type Value = PlacementView['nodes'][number]['constraints'][number]['asked'];
const plain = (value: unknown): Value => value as Value;

const asTimes = ({ start, finish, confidence }: Forecast) => {
	const now = Date.now();
	const asRange = (range: Range | null): TimeRange | null =>
		range && range.to <= FARTHEST_MS
			? { earliest: at(now + range.from), latest: at(now + range.to), confidence }
			: null;
	return { startsAt: asRange(start), finishesAt: asRange(finish) };
};

const at = (ms: number): string => new Date(Math.round(ms)).toISOString();
