import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taskListQuerySchema } from '../../shared/protocol/task.ts';
import { BudgetWorld, UNKNOWN_COST } from '../../test/support/budget-world.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import { alterTasks } from '../queue/alter-store.ts';
import { listTasks } from '../queue/task-list-store.ts';
import { findFilterSeqs, readTask } from '../queue/task-read-store.ts';
import { outOfLineWords, waitingWords } from '../queue/waiting-words.ts';

let world: BudgetWorld;
beforeEach(async () => {
	world = await BudgetWorld.open();
});
afterEach(async () => {
	expect(world.violations()).toEqual([]);
	await world[Symbol.asyncDispose]();
});

const ada = () => ({ person: world.people.ada });
const heldOf = (tasks: readonly { held: boolean }[]) => tasks.map(({ held }) => held);
const standing = async (id: string) => {
	const { spentMicro, reservedMicro, leftMicro, state } = await world.budgets.get(id);
	return { spentMicro, reservedMicro, leftMicro, state };
};
const told = () =>
	world.db
		.prepare(`SELECT owner_seq || ' ' || (detail ->> '$.what') FROM happenings WHERE kind = 'budget.told' ORDER BY seq`)
		.pluck()
		.all();

describe('what a budget has room for', () => {
	it('is let through and set aside, and the rest is held, oldest first', async () => {
		const { id } = await world.limit(ada(), 3 * UNKNOWN_COST);
		expect(heldOf(await world.submit(1, 5))).toEqual([false, false, false, true, true]);
		expect(await standing(id)).toEqual({ spentMicro: 0, reservedMicro: 3 * UNKNOWN_COST, leftMicro: 0, state: 'full' });
		// Others have nothing to do with it.
		expect(heldOf(await world.submit(2, 2))).toEqual([false, false]);
	});

	it('is free again in the transaction that records what was really spent', async () => {
		const { id } = await world.limit(ada(), 2 * UNKNOWN_COST);
		const [first, second, third] = await world.submit(1, 3);
		expect(await world.admit()).toEqual([]);
		await world.settleKilled(first!.seq, 1);
		expect(await standing(id)).toMatchObject({ spentMicro: 0, reservedMicro: 2 * UNKNOWN_COST });
		await world.settle(first!.seq, 1);
		expect(await standing(id)).toMatchObject({ spentMicro: 150, reservedMicro: UNKNOWN_COST });
		// 1050 + 150 + 1050 are more than 2100.
		expect(await world.admit()).toEqual([]);
		await world.cancel(second!.seq);
		expect(await world.admit()).toEqual([third!.seq]);
		expect(await standing(id)).toMatchObject({ spentMicro: 150, reservedMicro: UNKNOWN_COST });
	});

	it('is less by what has cost more than was expected', async () => {
		const { id } = await world.limit(ada(), 2 * UNKNOWN_COST);
		const [task] = await world.submit(1);
		await world.settle(task!.seq, 100);
		expect(await standing(id)).toMatchObject({ spentMicro: 10_050, leftMicro: 0, state: 'full' });
		expect(heldOf(await world.submit(1))).toEqual([true]);
	});

	it('stays set aside while a task is tried again, and what the platform lost is not spent', async () => {
		const { id } = await world.limit(ada(), 10 * UNKNOWN_COST);
		const [task] = await world.submit(1);
		await world.settle(task!.seq, 1, 'lost');
		expect(await standing(id)).toMatchObject({ spentMicro: 0, reservedMicro: UNKNOWN_COST });
		await world.settle(task!.seq, 1, 'again');
		expect(await standing(id)).toMatchObject({ spentMicro: 150, reservedMicro: UNKNOWN_COST });
		await world.settle(task!.seq, 1, 'failed');
		expect(await standing(id)).toMatchObject({ spentMicro: 300, reservedMicro: 0 });
		await world.retry(task!.seq);
		expect(await standing(id)).toMatchObject({ reservedMicro: UNKNOWN_COST });
	});

	it('is asked of all budgets that count: person, groups, class', async () => {
		await world.limit({ person: world.people.bob }, 10 * UNKNOWN_COST);
		const lab = await world.limit({ group: world.lab }, 3 * UNKNOWN_COST);
		const all = await world.limit({ class: 'standard' }, 4 * UNKNOWN_COST);
		expect(heldOf(await world.submit(1, 2))).toEqual([false, false]);
		expect(heldOf(await world.submit(2, 3))).toEqual([false, false, true]);
		await world.raise(all.id, 9 * UNKNOWN_COST);
		expect(await world.admit()).toHaveLength(1);
		expect(heldOf(await world.submit(2))).toEqual([true]);
		expect(await standing(lab.id)).toMatchObject({ reservedMicro: 3 * UNKNOWN_COST });
		const { items, heldTasks } = await world.budgets.of(2);
		expect(items.map(({ owner }) => owner.kind)).toEqual(['person', 'group', 'class']);
		expect(heldTasks).toBe(1);
	});
});

describe('what it has no room for', () => {
	it('goes on when it is raised or removed, when the month ends, and after a restart', async () => {
		const { id } = await world.limit(ada(), UNKNOWN_COST);
		const [first, second, third, fourth] = await world.submit(1, 4);
		await world.raise(id, 2 * UNKNOWN_COST);
		await world.restart();
		expect(await world.admit()).toEqual([second!.seq]);
		await world.settle(first!.seq, 10);
		await world.settle(second!.seq, 10);
		expect(await world.admit()).toEqual([]);
		world.now = Date.UTC(2026, 3, 1);
		expect(await world.admit()).toEqual([third!.seq, fourth!.seq]);
		await world.submit(1);
		await world.budgets.remove(id, ANY_VERSION, SYSTEM);
		expect(await world.admit()).toHaveLength(1);
		expect(world.count('SELECT count(*) FROM budget_waits')).toBe(0);
	});

	it('is refused whole where that is set, and nothing is made', async () => {
		await world.limit(ada(), 2 * UNKNOWN_COST, 'stop');
		await expect(world.submit(1, 3)).rejects.toMatchObject({ code: 'budget-exceeded' });
		expect(world.count('SELECT count(*) FROM tasks')).toBe(0);
		expect(heldOf(await world.submit(1, 2))).toEqual([false, false]);
	});

	it('goes through where people are only to be told', async () => {
		const { id } = await world.limit(ada(), UNKNOWN_COST, 'warn');
		expect(heldOf(await world.submit(1, 2))).toEqual([false, false]);
		expect(await standing(id)).toMatchObject({ reservedMicro: 2 * UNKNOWN_COST, leftMicro: 0 });
	});

	it('is explained, and released by no one but the budget', async () => {
		const { id } = await world.limit(ada(), 0);
		const [task] = await world.submit(1);
		const whole = await world.ledger.read(readTask, task!.id);
		const words = waitingWords(whole!, () => null);
		expect(words).toMatchObject({
			...{ rule: 'budget', because: expect.stringContaining('the budget of ada has no room') },
			facts: { budget: 'the budget of ada', budgetId: id },
		});
		const { root } = world.people;
		const say = (verb: 'hold' | 'release') =>
			world.ledger.write(alterTasks, {
				...{ act: null, seqs: [task!.seq] },
				wanted: { verb, by: root, asOwner: false, at: 5, reason: null, routingKey: null },
			});
		expect(await say('release')).toMatchObject({ altered: [], why: 'held-by-budget' });
		// A person's hold goes before; when it is released the budget's stands again.
		expect((await say('hold')).altered).toHaveLength(1);
		const both = outOfLineWords((await world.ledger.read(readTask, task!.id))!);
		expect(both.map(({ rule, facts }) => [rule, facts.budgetId])).toEqual([
			['held', undefined],
			['budget', id],
		]);
		const [budget] = (await world.budgets.list({ limit: 10 })).items;
		await world.raise(budget!.id, UNKNOWN_COST);
		expect(await world.admit()).toEqual([]);
		expect((await say('release')).altered).toHaveLength(1);
		expect(world.count(`SELECT count(*) FROM tasks WHERE held_by = 'budget'`)).toBe(1);
		expect(await world.admit()).toEqual([task!.seq]);
	});
});

describe('which budget holds a task', () => {
	const listed = async (id: string) => {
		const page = taskListQuerySchema.parse({ budget: id, limit: 50 });
		const none = { owner: null, file: null, type: null, job: null, node: null };
		const { budgetSeq } = await world.ledger.read(findFilterSeqs, { ...none, budget: page.budget ?? null });
		const { rows } = await world.ledger.read(listTasks, {
			...{ ownerSeq: null, states: null, held: false, typeSeqs: null, routingKeys: null, fileSeq: null, jobSeq: null },
			...{ budgetSeq, nodes: null, errorCode: null, withDiscarded: true, createdFrom: null, createdBefore: null },
			...{ beforeSeq: null, limit: page.limit },
		});
		return rows.map(({ seq, heldReason }) => [seq, heldReason]);
	};
	const holds = async (id: string) => (await world.budgets.get(id)).heldTasks;

	it('is told by it, also while it has room left for less, and its tasks are listed by it', async () => {
		const { id } = await world.limit(ada(), 1.5 * UNKNOWN_COST);
		const [, second, third] = await world.submit(1, 3);
		expect(await standing(id)).toMatchObject({ leftMicro: UNKNOWN_COST / 2, state: 'ok' });
		expect((await world.budgets.list({ limit: 10 })).items).toMatchObject([{ id, heldTasks: 2 }]);
		expect(await listed(id)).toEqual([third, second].map((task) => [task!.seq, 'the budget of ada']));
		await world.cancel(second!.seq);
		expect(await holds(id)).toBe(1);
	});

	it('is another one when the first has room or is gone: what stands behind goes with the oldest', async () => {
		const own = await world.limit({ person: world.people.bob }, 0);
		const lab = await world.limit({ group: world.lab }, 0);
		const tasks = await world.submit(2, 3);
		expect([await holds(own.id), await holds(lab.id)]).toEqual([3, 0]);
		await world.raise(own.id, 9 * UNKNOWN_COST);
		expect(await world.admit()).toEqual([]);
		expect([await holds(own.id), await holds(lab.id)]).toEqual([0, 3]);
		expect(await listed(lab.id)).toEqual([...tasks].reverse().map(({ seq }) => [seq, 'the budget of the group lab']));
		// Nothing is written when nothing has changed.
		const version = () => world.count('SELECT sum(version) FROM tasks');
		const before = version();
		expect(await world.admit()).toEqual([]);
		expect(version()).toBe(before);
	});
});

describe('people are told', () => {
	it('once a month each that a budget is nearly used up, and once that it has no room', async () => {
		await world.limit(ada(), 10 * UNKNOWN_COST);
		await world.submit(1, 7);
		expect(told()).toEqual([]);
		await world.submit(1);
		expect(told()).toEqual(['1 near', '3 near']);
		await world.submit(1, 4);
		expect(told()).toEqual(['1 near', '3 near', '1 full', '3 full']);
		await world.submit(1, 4);
		expect(told()).toHaveLength(4);
		world.now = Date.UTC(2026, 3, 2);
		await world.submit(1);
		expect(told()).toHaveLength(6);
	});

	it('also when it is used up by what needs no task', async () => {
		const { id } = await world.limit(ada(), 10 * UNKNOWN_COST);
		const [task] = await world.submit(1);
		await world.settle(task!.seq, 90);
		await world.budgets.watch();
		await world.budgets.watch();
		expect(told()).toEqual(['1 near', '3 near']);
		expect((await world.budgets.get(id)).state).toBe('warn');
	});
});

describe('what a task would cost', () => {
	const costly = (ownerSeq: number) => ({
		...{ ownerSeq, serviceClass: null },
		typeSeq: world.count(`SELECT seq FROM task_types WHERE name = 'noop'`),
	});

	it('is guessed of a type that has not run, and then told by what such tasks have used', async () => {
		expect(await world.budgets.estimate([costly(1)])).toMatchObject({
			...{ basedOn: 'default', samples: 0, amountMicro: UNKNOWN_COST, currency: 'EUR', budgets: [], verdict: 'runs' },
		});
		for (const { seq } of await world.submit(2, 10)) await world.settle(seq, seq % 2 === 0 ? 1 : 3);
		world.now += 60_000;
		const estimate = await world.budgets.estimate([costly(1), costly(1)]);
		expect(estimate).toMatchObject({ basedOn: 'history', samples: 10, tasks: 2, amountMicro: 500, wallMs: 4_000 });
		expect([estimate.low, estimate.high]).toEqual([300, 700]);
	});

	it('says what budgets would do, and is what is set aside', async () => {
		const { id } = await world.limit(ada(), UNKNOWN_COST);
		const ask = (count: number) => world.budgets.estimate(Array.from({ length: count }, () => costly(1)));
		expect((await ask(1)).verdict).toBe('runs');
		expect(await ask(2)).toMatchObject({ verdict: 'held', budgets: [{ id, fits: false, leftMicro: UNKNOWN_COST }] });
		const [task] = await world.submit(1);
		expect((await world.ledger.read(readTask, task!.id))!.row.estimateMicro).toBe((await ask(1)).amountMicro);
	});
});

it('refuses a change of what is not there any more, and a second budget for the same', async () => {
	const { id, version } = await world.limit(ada(), 5);
	await world.raise(id, 6);
	const stale = { ifMatch: [String(version)], ifNoneMatch: null };
	await expect(world.budgets.change(id, { amountMicro: 7 }, stale, SYSTEM)).rejects.toMatchObject({
		code: 'precondition-failed',
	});
	await expect(world.limit(ada(), 5)).rejects.toMatchObject({ code: 'conflict' });
	await expect(world.limit({ class: 'none-such' }, 5)).rejects.toMatchObject({ code: 'not-found' });
	expect(world.count(`SELECT count(*) FROM audit_log WHERE action LIKE 'budget.%'`)).toBe(2);
});
