import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { plainClass } from '../scheduler/service-class.ts';
import { ClassMoves } from './class-moves.ts';
import type { OpenTask } from './open-task.ts';

const NODE = {
	id: 'n',
	name: 'n',
	queues: ['normal'],
	concurrency: 1,
	accepting: true,
	capabilities: {
		cores: 4,
		memoryBytes: 1e9,
		hardware: {},
		labels: {},
		sandbox: 'none' as const,
		taskTypes: ['noop'],
		platform: '',
		agentVersion: '',
	},
};
const manifest = BUILT_IN_TASK_TYPES.find(({ name }) => name === 'noop')!;

let scheduler: Scheduler<OpenTask>;
let moves: ClassMoves;
/** Class by person; everybody else is in `standard`. */
let classes: Map<number, string>;
let kicks: number;

const task = (seq: number, owner: number, ownClass: string | null = null): OpenTask => ({
	seq,
	owner,
	ownClass,
	serviceClass: ownClass ?? classes.get(owner) ?? 'standard',
	routingKey: 'normal.noop',
	priority: 4,
	order: seq,
	boosted: false,
	held: false,
	altered: null,
	needs: manifest.needs,
	type: 'noop',
	avoidNode: null,
	manifest,
	version: 1,
	failures: 0,
	losses: 0,
	attempt: 0,
	payload: null,
});
const enqueue = (...tasks: OpenTask[]) => {
	for (const one of tasks) scheduler.enqueue(one, 0);
};
const pickAll = () => {
	const seqs: number[] = [];
	for (;;) {
		const [next] = scheduler.pick(1, 0);
		if (!next) return seqs;
		seqs.push(next.task.seq);
		scheduler.release(next.task.seq, null, 0);
	}
};
const classesInLine = () => [...scheduler.queuedTasks()].map(({ seq, serviceClass }) => [seq, serviceClass]).sort();

beforeEach(() => {
	scheduler = new Scheduler<OpenTask>();
	scheduler.setQueues([{ name: 'normal', bindingKeys: ['normal.#'], paused: false }], 0);
	scheduler.setClasses([plainClass('standard'), { ...plainClass('high'), band: 9 }]);
	scheduler.setNode(NODE);
	classes = new Map();
	kicks = 0;
	moves = new ClassMoves({
		scheduler,
		classOf: (owner, asked) => asked ?? classes.get(owner) ?? 'standard',
		onMoved: () => {
			kicks += 1;
		},
	});
});

it('tasks follow their owner into another class and keep their order', () => {
	enqueue(task(1, 1), task(2, 2), task(3, 2), task(4, 2, 'standard'), task(5, 2));
	classes.set(2, 'high');
	moves.begin();
	expect(kicks).toBe(1);
	expect(pickAll()).toEqual([2, 3, 5, 1, 4]);
});

it('nothing moves when nothing changed, and nobody is told', () => {
	enqueue(task(1, 1), task(2, 2));
	moves.begin();
	expect(kicks).toBe(0);
	expect(pickAll()).toEqual([1, 2]);
});

it('a walk over very many lets others have their turn, and leaves alone what is gone or came meanwhile', async () => {
	for (let seq = 1; seq <= 50_000; seq += 1) scheduler.enqueue(task(seq, 1), 0);
	classes.set(1, 'high');
	moves.begin();
	const left = () => [...scheduler.queuedTasks()].filter(({ serviceClass }) => serviceClass !== 'high').length;
	expect(left(), 'the first turn does not do everything').toBeGreaterThan(0);
	scheduler.remove(50_000);
	const [picked] = scheduler.pick(1, 0);
	enqueue(task(50_001, 1), task(50_002, 2));
	for (let turns = 0; left() > 1 && turns < 1_000; turns += 1) await nextTurn();
	const inLine = [...scheduler.queuedTasks()];
	expect(inLine.filter(({ serviceClass }) => serviceClass === 'standard').map(({ seq }) => seq)).toEqual([50_002]);
	expect(inLine).toHaveLength(50_000);
	expect(scheduler.queuedTask(50_000)).toBeUndefined();
	expect(scheduler.queuedTask(picked!.task.seq)).toBeUndefined();
});

it('a change in the middle of a walk is followed to its end', async () => {
	for (let seq = 1; seq <= 30_000; seq += 1) scheduler.enqueue(task(seq, 1), 0);
	classes.set(1, 'high');
	moves.begin();
	classes.delete(1);
	moves.begin();
	const high = () => [...scheduler.queuedTasks()].filter(({ serviceClass }) => serviceClass === 'high').length;
	for (let turns = 0; high() > 0 && turns < 1_000; turns += 1) await nextTurn();
	expect(high()).toBe(0);
});

it('nothing is moved any more after the end', async () => {
	for (let seq = 1; seq <= 30_000; seq += 1) scheduler.enqueue(task(seq, 1), 0);
	classes.set(1, 'high');
	moves.begin();
	moves.stop();
	const before = classesInLine();
	for (let turns = 0; turns < 5; turns += 1) await nextTurn();
	expect(classesInLine()).toEqual(before);
});
