import { describe, expect, it } from 'vitest';
import { whatIfSchema } from '../../shared/protocol/what-if.ts';
import { simulatedNode, simulatedQueue, TaskMaker } from '../../test/support/simulated.ts';
import type { Trace } from '../journal/trace.ts';
import { plainClass } from '../scheduler/service-class.ts';
import { changed, wishOf } from './changed.ts';
import { Period } from './period.ts';
import { workOut } from './work-out.ts';

const SECOND = 1_000;
const LINK_GRACE_MS = 10 * SECOND;
const OF_A_DAY = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };

const wish = (input: Record<string, unknown>) =>
	wishOf(whatIfSchema.parse({ ...OF_A_DAY, ...input }), (name, { band, weight, idleOnly, caps }) => ({
		...plainClass(name),
		band,
		weight,
		idleOnly,
		mostRunning: caps.running,
	}));

const emptyTrace = (more: Partial<Trace> = {}): Trace => ({
	from: 0,
	to: 100 * SECOND,
	initial: {
		queues: [simulatedQueue('normal')],
		classes: [plainClass('all'), plainClass('other')],
		nodes: [simulatedNode('n', 1)],
		line: [],
		running: [],
		costs: [],
	},
	changes: [],
	arrivals: [],
	alterations: [],
	removals: [],
	starts: [],
	ends: [],
	restarts: [],
	gaps: [],
	isCut: false,
	...more,
});

/** One node with one slot; tasks of 10 s, as a scheduler would have run them. */
const recordedDay = (): Trace => {
	const tasks = new TaskMaker();
	const running = tasks.make(1, -5);
	const [a, b] = [tasks.make(1, 0), tasks.make(2, 1)];
	const other = tasks.make(3, 2 * SECOND, { serviceClass: 'other' });
	return emptyTrace({
		initial: { ...emptyTrace().initial, line: [a], running: [{ task: running, node: 'n', inputs: [] }] },
		arrivals: [
			{ at: 1 * SECOND, task: b },
			{ at: 2 * SECOND, task: other },
		],
		starts: [
			{ at: 4 * SECOND, seq: other.seq, node: 'n', inputs: [] },
			{ at: 14 * SECOND, seq: b.seq, node: 'n', inputs: [] },
			{ at: 24 * SECOND, seq: a.seq, node: 'n', inputs: [] },
		],
		ends: [
			{ at: 4 * SECOND, seq: running.seq, cost: 9 * SECOND },
			{ at: 14 * SECOND, seq: other.seq, cost: 10 * SECOND },
			{ at: 24 * SECOND, seq: b.seq, cost: 10 * SECOND },
			{ at: 34 * SECOND, seq: a.seq, cost: 10 * SECOND },
		],
	});
};

describe('Period', () => {
	it('plays what was recorded as it was', () => {
		const period = new Period(recordedDay(), LINK_GRACE_MS);
		const outcome = period.play(period.recorded);
		expect(outcome).toMatchObject({ started: 3, ended: 4, neverStarted: 0 });
		expect(outcome.used).toBeCloseTo(0.34, 6);
		expect(period.tasks).toBe(4);
		expect(period.unended).toBe(0);
		const [all, other] = outcome.classes;
		// The one in line waits for 24 s from the beginning on, the one that came for 13 s.
		expect(all?.waits).toMatchObject({ tasks: 2, mostMs: 24 * SECOND });
		expect(other?.waits).toMatchObject({ tasks: 1, mostMs: 2 * SECOND });
		expect(period.realMedians()).toEqual([
			{ serviceClass: 'all', tasks: 2, p50Ms: expect.closeTo(13 * SECOND, -3) },
			{ serviceClass: 'other', tasks: 1, p50Ms: expect.closeTo(2 * SECOND, -2) },
		]);
	});

	it('lets a task run again as often and as long after as it did, and leaves out runs that a lost node cost', () => {
		const task = new TaskMaker().make(1, 0);
		const trace = emptyTrace({
			arrivals: [0, 15, 40].map((at) => ({ at: at * SECOND, task })),
			starts: [0, 15, 40].map((at) => ({ at: at * SECOND, seq: task.seq, node: 'n', inputs: [] })),
			ends: [
				{ at: 5 * SECOND, seq: task.seq, cost: 5 * SECOND },
				{ at: 18 * SECOND, seq: task.seq, cost: null },
				{ at: 47 * SECOND, seq: task.seq, cost: 7 * SECOND },
			],
		});
		const period = new Period(trace, LINK_GRACE_MS);
		const outcome = period.play(period.recorded);
		expect(outcome).toMatchObject({ started: 2, ended: 2 });
		expect(outcome.classes[0]?.costMs).toBe(12 * SECOND);
	});

	it('takes the type’s mean for what did not end, and says how many that were', () => {
		const tasks = new TaskMaker();
		const [ended, running, waiting] = [tasks.make(1, 0), tasks.make(1, 1), tasks.make(1, 2)];
		const trace = emptyTrace({
			to: 40 * SECOND,
			arrivals: [ended, running, waiting].map((task, i) => ({ at: i, task })),
			starts: [ended, running].map(({ seq }, i) => ({ at: i * 8 * SECOND, seq, node: 'n', inputs: [] })),
			ends: [{ at: 8 * SECOND, seq: ended.seq, cost: 8 * SECOND }],
		});
		const period = new Period(trace, LINK_GRACE_MS);
		expect(period.unended).toBe(2);
		// 8 s, then the one that had run for 32 s already, then the one that never started.
		expect(period.play(period.recorded)).toMatchObject({ started: 3, ended: 2, neverStarted: 0 });
		expect(workOut(trace, { wish: wish({}), mostTasks: 10, linkGraceMs: LINK_GRACE_MS }).notes[0]).toMatch(
			/^2 tasks had not ended/,
		);
	});

	it('lets what was held come in line again as what it became, unless it has ended by then', () => {
		const tasks = new TaskMaker();
		const [first, second] = [tasks.make(1, 0), tasks.make(1, 0)];
		const moved = { ...second, serviceClass: 'other' };
		const trace = emptyTrace({
			arrivals: [
				{ at: 0, task: first },
				{ at: 0, task: second },
				{ at: 5 * SECOND, task: moved },
			],
			removals: [{ at: 5 * SECOND, seq: second.seq }],
			starts: [first, second].map(({ seq }, i) => ({ at: i * 10 * SECOND, seq, node: 'n', inputs: [] })),
			ends: [first, second].map(({ seq }, i) => ({ at: (i ? 12 : 10) * SECOND, seq, cost: (i ? 2 : 10) * SECOND })),
		});
		const period = new Period(trace, LINK_GRACE_MS);
		const outcome = period.play(period.recorded);
		expect(outcome).toMatchObject({ started: 2, ended: 2, removed: 1 });
		expect(outcome.classes[1]).toMatchObject({ name: 'other', waits: { started: 1, mostMs: 5 * SECOND } });
		// With room for both at once it has ended before it would have been moved.
		const { nodes } = trace.initial;
		const wide = { ...period.recorded.world, nodes: [...nodes, simulatedNode('m', 1)] };
		expect(period.play({ ...period.recorded, world: wide })).toMatchObject({ started: 2, ended: 2, removed: 0 });
	});

	it('lets what was moved to another class wait on there, and does not take it for a cancel', () => {
		const tasks = new TaskMaker();
		const [first, second] = [tasks.make(1, 0), tasks.make(1, 0)];
		const trace = emptyTrace({
			arrivals: [first, second].map((task) => ({ at: 0, task })),
			alterations: [{ at: 5 * SECOND, task: { ...second, serviceClass: 'other' } }],
			starts: [first, second].map(({ seq }, i) => ({ at: i * 10 * SECOND, seq, node: 'n', inputs: [] })),
			ends: [first, second].map(({ seq }, i) => ({ at: (i + 1) * 10 * SECOND, seq, cost: 10 * SECOND })),
		});
		const period = new Period(trace, LINK_GRACE_MS);
		expect(period.tasks).toBe(2);
		const { classes, ...outcome } = period.play(period.recorded);
		expect(outcome).toMatchObject({ started: 2, ended: 2, removed: 0, neverStarted: 0 });
		const [all, other] = classes;
		expect(all?.waits).toMatchObject({ tasks: 1, mostMs: 0 });
		// It waited for 5 s in one class and for 5 s in the other: 10 s in all.
		expect(other?.waits).toMatchObject({ tasks: 1, mostMs: 10 * SECOND });
		expect(all?.depth.at(-1)).toBe(0);
		expect(period.realMedians()).toContainEqual({
			serviceClass: 'other',
			tasks: 1,
			p50Ms: expect.closeTo(10 * SECOND, -3),
		});
		// With room for both at once there is nothing to be moved any more.
		const wide = { ...period.recorded.world, nodes: [...trace.initial.nodes, simulatedNode('m', 1)] };
		expect(period.play({ ...period.recorded, world: wide })).toMatchObject({ started: 2, ended: 2, removed: 0 });
	});

	it('begins with what tasks have cost before: long ones do not get the slots that are kept for short ones', () => {
		const tasks = new TaskMaker();
		const long = Array.from({ length: 4 }, () => tasks.make(1, 0, { type: 'long' }));
		const plays = (costs: Trace['initial']['costs']) => {
			const trace = emptyTrace({
				initial: { ...emptyTrace().initial, nodes: [simulatedNode('n', 4)], costs },
				arrivals: long.map((task) => ({ at: 0, task })),
				starts: long.map(({ seq }) => ({ at: 0, seq, node: 'n', inputs: [] })),
				ends: long.map(({ seq }) => ({ at: 20 * SECOND, seq, cost: 20 * SECOND })),
			});
			const period = new Period(trace, LINK_GRACE_MS);
			return period.play(period.recorded).classes[0]?.waits.mostMs;
		};
		expect(plays([])).toBe(0);
		expect(plays([{ type: 'long', cost: 20 * SECOND }])).toBe(20 * SECOND);
	});

	it('prefers nodes that have the contents that a task works on', () => {
		const tasks = new TaskMaker();
		const [first, second] = [tasks.make(1, 0), tasks.make(1, 2)];
		const inputs = ['content'];
		const plays = (ofSecond: readonly string[]) => {
			const nodes = [simulatedNode('a', 1), simulatedNode('b', 1, { queues: ['normal', 'other'] })];
			const trace = emptyTrace({
				initial: { ...emptyTrace().initial, nodes, running: [{ task: first, node: 'b', inputs }] },
				arrivals: [{ at: 2 * SECOND, task: second }],
				starts: [{ at: 2 * SECOND, seq: second.seq, node: 'b', inputs: ofSecond }],
				ends: [first, second].map(({ seq }, i) => ({ at: (1 + 9 * i) * SECOND, seq, cost: SECOND })),
			});
			const period = new Period(trace, LINK_GRACE_MS);
			return period.play(period.recorded).groups.find(({ name }) => name === 'normal')?.mean;
		};
		expect(plays([])).toBeGreaterThan(0);
		expect(plays(inputs)).toBe(0);
	});

	it('takes out of line what was taken out of line', () => {
		const tasks = new TaskMaker();
		const [first, second] = [tasks.make(1, 0), tasks.make(1, 0)];
		const trace = emptyTrace({
			arrivals: [first, second].map((task) => ({ at: 0, task })),
			starts: [{ at: 0, seq: first.seq, node: 'n', inputs: [] }],
			ends: [{ at: 10 * SECOND, seq: first.seq, cost: 10 * SECOND }],
			removals: [{ at: 5 * SECOND, seq: second.seq }],
		});
		const period = new Period(trace, LINK_GRACE_MS);
		expect(period.play(period.recorded)).toMatchObject({ started: 1, removed: 1, neverStarted: 0 });
		expect(period.realMedians()).toEqual([{ serviceClass: 'all', tasks: 1, p50Ms: 0 }]);
	});
});

describe('a what-if', () => {
	const answer = (input: Record<string, unknown>, trace = recordedDay()) =>
		workOut(trace, { wish: wish(input), mostTasks: 100, linkGraceMs: LINK_GRACE_MS });

	it('finds nothing different when nothing is wished for', () => {
		const { sentences, classes, people, fidelity } = answer({});
		expect(sentences).toEqual([
			'No class waits noticeably longer or shorter at the median.',
			'Nobody’s median wait changes by more than a second and 5 %.',
		]);
		for (const { before, after } of classes) expect(after).toEqual(before);
		expect(people).toMatchObject({ total: 3, losers: 0, winners: 0, mostLost: [], mostWon: [] });
		expect(fidelity.map(({ serviceClass }) => serviceClass)).toEqual(['all', 'other']);
	});

	it('lets more nodes shorten waits', () => {
		const { classes, totals, sentences } = answer({
			fleet: { add: [{ count: 3, concurrency: 1, queues: ['normal'] }] },
		});
		for (const { after } of classes) expect(after.waits.mostMs).toBe(0);
		expect(totals.after.used).toBeLessThan(totals.before.used);
		expect(sentences.join(' ')).toMatch(/Class all does not wait any more at the median: 0 ms instead of 13 s\./);
	});

	it('lets a better class go first, to the cost of who was first', () => {
		const tasks = new TaskMaker();
		const flood = Array.from({ length: 8 }, () => tasks.make(1, 0));
		const late = tasks.make(3, 0, { serviceClass: 'other' });
		const all = [...flood, late];
		const trace = emptyTrace({
			arrivals: all.map((task) => ({ at: 0, task })),
			starts: all.map(({ seq }, i) => ({ at: i * 10 * SECOND, seq, node: 'n', inputs: [] })),
			ends: all.map(({ seq }, i) => ({ at: (i + 1) * 10 * SECOND, seq, cost: 10 * SECOND })),
		});
		const { classes } = answer({ classes: { other: { band: 9 }, all: { band: 1 } } }, trace);
		const other = classes.find(({ name }) => name === 'other')!;
		expect(other.before.waits.mostMs).toBe(10 * SECOND);
		expect(other.after.waits.mostMs).toBe(0);
	});

	it('tells waiting for limits from waiting for slots', () => {
		const nodes = { add: [{ count: 9, concurrency: 1, queues: ['normal'] }] };
		const tasks = new TaskMaker();
		const all = Array.from({ length: 8 }, () => tasks.make(1, 0));
		const trace = emptyTrace({
			arrivals: all.map((task) => ({ at: 0, task })),
			starts: all.map(({ seq }, i) => ({ at: i * 10 * SECOND, seq, node: 'n', inputs: [] })),
			ends: all.map(({ seq }, i) => ({ at: (i + 1) * 10 * SECOND, seq, cost: 10 * SECOND })),
		});
		const { sentences } = answer({ classes: { all: { caps: { running: 1 } } }, fleet: nodes }, trace);
		expect(sentences.at(-1)).toMatch(
			/^About 100 % of the waiting in class all \(0 % as it was\) is for .* not for slots/,
		);
		expect(answer({ fleet: nodes }, trace).sentences.join(' ')).not.toContain('not for slots');
	});

	it('counts what never starts when its queue is paused or its only node is gone', () => {
		const paused = answer({ queues: [{ name: 'normal', bindingKeys: ['normal.#'], paused: true }] });
		expect(paused.totals.after).toMatchObject({ started: 0, neverStarted: 3 });
		expect(paused.sentences).toContain('3 tasks had not started at the end of the period; 0 as it was.');
		const gone = answer({ fleet: { remove: ['n'] } });
		// What ran there stands in line, too.
		expect(gone.totals.after).toMatchObject({ started: 0, neverStarted: 4 });
		expect(gone.classes[0]?.after.waits.p50Ms).toBeGreaterThan(90 * SECOND);
		expect(gone.sentences.join(' ')).toMatch(/3 of 3 people wait noticeably longer at the median .*; nobody shorter\./);
	});

	it('refuses what cannot be meant, and says what to do', () => {
		const refused = (input: Record<string, unknown>, trace?: Trace) => () => answer(input, trace);
		expect(refused({ fleet: { remove: ['vm-9'] } })).toThrow(/no node vm-9 was connected in that time/);
		const nowhere = { add: [{ count: 1, concurrency: 1, queues: ['gpu'] }] };
		expect(refused({ fleet: nowhere })).toThrow(/there was no queue gpu in that time; there were: normal/);
		expect(refused({}, emptyTrace())).toThrow(expect.objectContaining({ code: 'nothing-recorded' }));
		expect(refused({}, { ...recordedDay(), isCut: true })).toThrow(
			expect.objectContaining({ code: 'period-too-long' }),
		);
		expect(() => workOut(recordedDay(), { wish: wish({}), mostTasks: 3, linkGraceMs: LINK_GRACE_MS })).toThrow(
			expect.objectContaining({ code: 'period-too-long' }),
		);
		expect(() => wish({ from: OF_A_DAY.to, to: OF_A_DAY.from })).toThrow();
	});

	it('keeps what is wished for when the same thing was changed in the period', () => {
		const trace = recordedDay();
		const period = new Period(
			{
				...trace,
				changes: [
					{ at: 1 * SECOND, what: 'queues', queues: [{ ...simulatedQueue('normal'), paused: true }] },
					{ at: 2 * SECOND, what: 'classes', classes: [plainClass('all')] },
					{ at: 3 * SECOND, what: 'node-gone', id: 'n' },
					{ at: 4 * SECOND, what: 'node', node: simulatedNode('n', 1) },
				],
			},
			LINK_GRACE_MS,
		);
		const { changes, world } = changed(
			period.recorded,
			wish({
				queues: [
					{ name: 'normal', remove: true },
					{ name: 'new', bindingKeys: ['#'] },
				],
				classes: { all: { weight: 9 } },
				fleet: { remove: ['n'], add: [{ count: 1, concurrency: 2, queues: ['new'] }] },
			}),
		);
		expect(world.queues.map(({ name }) => name)).toEqual(['new']);
		expect(world.nodes.map(({ name, concurrency }) => [name, concurrency])).toEqual([['added-1-1', 2]]);
		expect(world.nodes[0]?.capabilities.taskTypes).toEqual(['short', 'long']);
		expect(changes.map((change) => change.do)).toEqual(['setQueues', 'setClasses']);
		expect(changes[0]).toMatchObject({ queues: [{ name: 'new' }] });
		expect(changes[1]).toMatchObject({ classes: [{ id: 'all', weight: 9 }] });
	});
});
