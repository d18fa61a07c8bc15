import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { AGEING_MS } from './next-start.ts';
import type { ReadyTask } from './ready-task.ts';
import { Scheduler } from './scheduler.ts';
import { type ClassRules, plainClass } from './service-class.ts';

const NEEDS = { cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' } as const;
const DAY_MS = 24 * 3_600_000;

/** One node with some slots, and people who always have work; time goes from one end of a task to the next. */
class Day {
	readonly scheduler = new Scheduler();
	readonly random = new SeededRandom(7);
	/** Milliseconds in slots, by person. */
	readonly used = new Map<number, number>();
	readonly started = new Map<number, number>();
	readonly #ends: { at: number; task: ReadyTask; cost: number }[] = [];
	#seq = 0;
	now = 0;

	constructor(slots: number, classes: readonly ClassRules[]) {
		this.scheduler.setQueues([{ name: 'normal', bindingKeys: ['normal.#'], paused: false }], 0);
		this.scheduler.setClasses(classes);
		this.scheduler.setNode({
			id: 'n',
			name: 'n',
			queues: ['normal'],
			concurrency: slots,
			capabilities: {
				cores: 8,
				memoryBytes: 1e9,
				hardware: {},
				sandbox: 'none',
				taskTypes: ['short', 'long'],
				labels: {},
			},
			accepting: true,
		});
	}

	submit(owner: number, serviceClass: string, type = 'short', count = 1): ReadyTask[] {
		return Array.from({ length: count }, () => {
			const seq = ++this.#seq;
			const task: ReadyTask = {
				seq,
				owner,
				serviceClass,
				routingKey: `normal.${type}`,
				priority: 4,
				order: this.now,
				needs: NEEDS,
				type,
				avoidNode: null,
				boosted: false,
			};
			this.scheduler.enqueue(task, this.now);
			return task;
		});
	}

	/** Starts what can start; `cost` says how long each takes. */
	start(cost: (task: ReadyTask) => number): ReadyTask[] {
		return this.scheduler.pick(Number.POSITIVE_INFINITY, this.now).map(({ task }) => {
			const takes = cost(task);
			this.started.set(task.owner, (this.started.get(task.owner) ?? 0) + 1);
			this.#ends.push({ at: this.now + takes, task, cost: takes });
			this.#ends.sort((a, b) => b.at - a.at);
			return task;
		});
	}

	get isBusy(): boolean {
		return this.#ends.length > 0;
	}

	/** Goes to the next end of a task. */
	step(): ReadyTask {
		const { at, task, cost } = this.#ends.pop()!;
		this.now = at;
		this.used.set(task.owner, (this.used.get(task.owner) ?? 0) + cost);
		this.scheduler.release(task.seq, cost, at);
		return task;
	}
}

const jain = (values: readonly number[]): number => {
	const sum = values.reduce((a, b) => a + b, 0);
	return sum ** 2 / (values.length * values.reduce((a, b) => a + b * b, 0));
};

describe('a day of work', () => {
	it('is shared by cost among equals, though some have long tasks and some short ones', () => {
		const day = new Day(8, [plainClass('all')]);
		const people = Array.from({ length: 20 }, (_, i) => i + 1);
		const typeOf = (owner: number) => (owner % 2 === 0 ? 'long' : 'short');
		for (const owner of people) day.submit(owner, 'all', typeOf(owner), 50);
		while (day.now < DAY_MS) {
			day.start(({ type }) => (type === 'long' ? day.random.between(20_000, 100_000) : day.random.between(500, 3_000)));
			const { owner } = day.step();
			day.submit(owner, 'all', typeOf(owner));
		}
		expect(jain(people.map((owner) => day.used.get(owner)!))).toBeGreaterThanOrEqual(0.99);
	});

	it('is shared by weight among classes, however many people are in each', () => {
		const weights = { four: 4, two: 2, one: 1 };
		const day = new Day(
			8,
			Object.entries(weights).map(([id, weight]) => ({ ...plainClass(id), weight })),
		);
		const classOf = (owner: number) => (owner === 1 ? 'four' : owner <= 4 ? 'two' : 'one');
		for (let owner = 1; owner <= 20; owner++) day.submit(owner, classOf(owner), 'short', 50);
		while (day.now < DAY_MS / 4) {
			day.start(() => day.random.between(500, 20_000));
			const { owner } = day.step();
			day.submit(owner, classOf(owner));
		}
		const total = [...day.used.values()].reduce((a, b) => a + b, 0);
		for (const [id, weight] of Object.entries(weights)) {
			const used = [...day.used].filter(([owner]) => classOf(owner) === id).reduce((sum, [, cost]) => sum + cost, 0);
			expect(Math.abs(used / total - weight / 7), id).toBeLessThan(0.03);
		}
	});

	it('lets nobody’s flood delay another’s first task by more than one release of a slot', () => {
		const day = new Day(4, [plainClass('all')]);
		day.submit(1, 'all', 'short', 100_000);
		day.start(() => 1_000);
		for (let i = 0; i < 500; i++) {
			day.step();
			day.start(() => day.random.between(500, 1_500));
		}
		const [first] = day.submit(2, 'all');
		expect(day.start(() => 1_000)).toEqual([]);
		day.step();
		expect(day.start(() => 1_000)).toEqual([first]);
	});

	it('starts something of the lowest band within its bound, and of an idle-only class only when there is nothing else', () => {
		const day = new Day(2, [
			{ ...plainClass('high'), band: 7 },
			{ ...plainClass('low'), band: 4 },
			{ ...plainClass('idle'), band: 9, idleOnly: true },
		]);
		day.submit(1, 'high', 'short', 10);
		day.submit(2, 'low', 'short', 10);
		day.submit(3, 'idle', 'short', 10);
		const startsOf = (owner: number) => day.started.get(owner) ?? 0;
		let last = 0;
		while (day.now < 3_600_000) {
			const before = startsOf(2);
			day.start(() => 1_000);
			if (startsOf(2) > before) {
				expect(startsOf(2)).toBe(before + 1);
				expect(day.now - last).toBeLessThanOrEqual((7 - 4 + 1) * AGEING_MS + 1_000);
				last = day.now;
			}
			if (day.step().owner === 1) day.submit(1, 'high');
		}
		// At 20 and at 40 minutes.
		expect(startsOf(2)).toBe(2);
		expect(startsOf(3)).toBe(0);
		while (day.scheduler.size > 0) {
			day.start(() => 1_000);
			if (day.isBusy) day.step();
		}
		expect(startsOf(3)).toBe(10);
	});

	it('goes on in the same order after months', () => {
		const day = new Day(1, [plainClass('all')]);
		for (const owner of [1, 2, 3]) day.submit(owner, 'all', 'short', 2);
		for (let i = 0; i < 400; i++) {
			day.start(() => DAY_MS / 4);
			day.submit(day.step().owner, 'all');
		}
		const starts = [1, 2, 3].map((owner) => day.started.get(owner) ?? 0);
		expect(Math.max(...starts) - Math.min(...starts)).toBeLessThanOrEqual(2);
	});
});
