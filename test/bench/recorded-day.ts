import { InlineLedger } from '../../coordinator/database/inline-ledger.ts';
import { ChunkKeeper } from '../../coordinator/journal/chunk-keeper.ts';
import { JOURNAL_OPERATIONS } from '../../coordinator/journal/journal-store.ts';
import { JournaledScheduler } from '../../coordinator/journal/journaled-scheduler.ts';
import { Recorder } from '../../coordinator/journal/recorder.ts';
import { createLogger } from '../../coordinator/report/logger.ts';
import { Heap } from '../../coordinator/scheduler/heap.ts';
import type { NodeOffer } from '../../coordinator/scheduler/node-slots.ts';
import type { ReadyTask } from '../../coordinator/scheduler/ready-task.ts';
import { type ClassRules, plainClass } from '../../coordinator/scheduler/service-class.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { simulatedNode, simulatedQueue, TaskMaker } from '../support/simulated.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const NODES = 50;
const SLOTS = 4;
const PEOPLE = 200;
const MOST_IN_BATCH = 200;
const MOST_AT_ONCE = 1_000;
/** As much as the way to the node and back takes, for which the slot is taken, too. */
const ROUND_TRIP_MS = 20;
/** One run in so many fails, and is tried again so much later. */
const FAILS_ONE_IN = 50;
const AGAIN_AFTER_MS = 15 * SECOND_MS;
const RESTING_NODES = 10;
/** Of the work of a day so much comes in working hours, by the hour of the day. */
const isBusy = (hour: number): boolean => hour >= 8 && hour < 18;
const QUIET_SHARE = 0.25;

export const DAY_CLASSES: readonly ClassRules[] = [
	{ ...plainClass('interactive'), band: 7 },
	plainClass('standard'),
	{ ...plainClass('batch'), weight: 0.5 },
];

interface Type {
	name: string;
	/** How long its tasks take: uniform between these. */
	ms: readonly [number, number];
	needs: ReadyTask['needs'];
}

const typesOf = (kind: string, count: number, ms: Type['ms'], hardware: Record<string, number> = {}): Type[] => {
	const needs = { cores: 1, memoryBytes: 2 ** 28, hardware, labels: {}, sandbox: 'none' } as const;
	return Array.from({ length: count }, (_, i) => ({ name: `${kind}-${i}`, ms, needs: { ...needs } }));
};

/** Of ten tasks so many are of these kinds: together so much work that lines stand in working hours. */
const KINDS = [
	{ of: 4, types: typesOf('light', 8, [500, 3_000]) },
	{ of: 4, types: typesOf('usual', 10, [30_000, 180_000]) },
	{ of: 1, types: typesOf('gpu', 2, [30_000, 180_000], { gpu: 1 }) },
	{ of: 1, types: typesOf('heavy', 4, [300_000, 1_200_000]) },
];
const TYPES = new Map(KINDS.flatMap(({ types }) => types.map((type) => [type.name, type])));

interface Event {
	at: number;
	act: () => void;
}

/**
 * Writes a day of work into a ledger's journal as a coordinator does that works through it: the same scheduler, every
 * command and decision, cut into chunks by size and by the second.
 */
export class RecordedDay {
	readonly #random: SeededRandom;
	readonly #tasks = new TaskMaker();
	readonly #events = new Heap<Event>((a, b) => a.at < b.at);
	readonly #recorder: Recorder;
	readonly #scheduler: JournaledScheduler;
	readonly #from: number;
	#now = 0;
	/** When the chunk was begun that is open. */
	#openSince: number | null = null;
	chunks = 0;

	private constructor(keeper: ChunkKeeper, from: number, seed: number) {
		this.#random = new SeededRandom(seed);
		this.#from = from;
		const wall = () => from + this.#now;
		this.#recorder = new Recorder({
			epoch: 1,
			wall,
			onChunk: (facts, body) => {
				this.chunks += 1;
				keeper.add(facts, body);
			},
		});
		this.#scheduler = new JournaledScheduler(this.#recorder, { inputsOf: () => [], clock: () => this.#now });
		// Nobody asks when anything starts, and nothing of it is written down.
		this.#scheduler.insight.forecasts.stop();
	}

	/** Into a ledger that is made if it is not there; answers how many chunks that were. */
	static async write(file: string, options: { from: number; tasks: number; seed: number }): Promise<number> {
		await using ledger = new InlineLedger({ file, operations: JOURNAL_OPERATIONS });
		const mostWaiting = Number.MAX_SAFE_INTEGER;
		const keeper = new ChunkKeeper({ ledger, logger: createLogger('silent'), mostWaiting });
		const day = new RecordedDay(keeper, options.from, options.seed);
		day.#play(options.tasks);
		await keeper.flush();
		return day.chunks;
	}

	#play(count: number): void {
		this.#command(() => {
			this.#scheduler.setQueues([simulatedQueue('normal'), simulatedQueue('gpu')], 0);
			this.#scheduler.setClasses(DAY_CLASSES);
			for (let i = 0; i < NODES; i += 1) this.#scheduler.setNode(offerOf(i));
		});
		for (let i = 0; i < RESTING_NODES; i += 1) this.#restNode(i);
		for (let left = count; left > 0; ) left -= this.#submitSome(left);
		for (let next = this.#events.pop(); next && next.at < DAY_MS; next = this.#events.pop()) {
			this.#now = next.at;
			this.#command(next.act);
		}
		this.#recorder.close();
	}

	/** Something happens: it is told, then it is seen what can start, as the dispatcher does at the end of a turn. */
	#command(act: () => void): void {
		if (this.#openSince !== null && this.#now - this.#openSince >= SECOND_MS) {
			this.#recorder.close();
			this.#openSince = null;
		}
		this.#openSince ??= this.#now;
		act();
		for (const { task } of this.#scheduler.pick(MOST_AT_ONCE, this.#now)) this.#run(task);
		this.#scheduler.preempt(MOST_AT_ONCE, this.#now);
	}

	#run(task: ReadyTask): void {
		const [least, most] = TYPES.get(task.type)!.ms;
		const ms = this.#random.between(least, most);
		const fails = this.#random.between(1, FAILS_ONE_IN) === 1;
		this.#plan(this.#now + ms + ROUND_TRIP_MS, () => {
			this.#scheduler.release(task.seq, ms, this.#now);
			if (fails) this.#plan(this.#now + AGAIN_AFTER_MS, () => this.#scheduler.enqueue(task, this.#now));
		});
	}

	/** Plans what one person submits at one moment; answers how many tasks that are. */
	#submitSome(most: number): number {
		const random = this.#random;
		const at = this.#someMoment();
		const owner = random.between(1, PEOPLE);
		const { name: type, needs } = this.#someType();
		const serviceClass = DAY_CLASSES[owner % DAY_CLASSES.length]!.id;
		// Most submit a few, some very many.
		const count = Math.min(most, Math.ceil(MOST_IN_BATCH * random.next() ** 4) || 1);
		const routingKey = `${needs.hardware.gpu ? 'gpu' : 'normal'}.${type}`;
		const order = this.#from + at;
		const tasks = Array.from({ length: count }, () =>
			this.#tasks.make(owner, order, { serviceClass, routingKey, needs, type }),
		);
		this.#plan(at, () => {
			for (const task of tasks) this.#scheduler.enqueue(task, this.#now);
		});
		return count;
	}

	/** A node takes no work for an hour. */
	#restNode(i: number): void {
		const at = this.#random.between(0, DAY_MS - HOUR_MS);
		this.#plan(at, () => this.#scheduler.setNode({ ...offerOf(i), accepting: false }));
		this.#plan(at + HOUR_MS, () => this.#scheduler.setNode(offerOf(i)));
	}

	#someMoment(): number {
		for (;;) {
			const at = this.#random.between(1, DAY_MS - 1);
			if (isBusy(at / HOUR_MS) || this.#random.next() < QUIET_SHARE) return at;
		}
	}

	#someType(): Type {
		return this.#random.pick(this.#random.pick(KINDS.flatMap((kind) => Array<typeof kind>(kind.of).fill(kind))).types);
	}

	#plan(at: number, act: () => void): void {
		this.#events.push({ at, act });
	}
}

const offerOf = (i: number): NodeOffer => {
	const offer = simulatedNode(`node-${i}`, SLOTS, { queues: i % 5 === 0 ? ['normal', 'gpu'] : ['normal'] });
	const { capabilities } = offer;
	const hardware = i % 5 === 0 ? { gpu: 2 } : {};
	return { ...offer, capabilities: { ...capabilities, hardware, taskTypes: [...TYPES.keys()] } };
};
