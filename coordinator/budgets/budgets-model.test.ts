import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AttemptFate, BudgetWorld, PRICES } from '../../test/support/budget-world.ts';
import { monthOf } from '../accounting/month.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';

type Step =
	| { do: 'submit'; owner: 1 | 2; count: number }
	/** `used`: what it costs of what was expected. */
	| { do: 'settle'; which: number; used: number; fate: AttemptFate }
	| { do: 'settle-killed' | 'cancel' | 'retry'; which: number }
	| { do: 'limit'; of: number; amount: number }
	| { do: 'unlimit'; of: number }
	| { do: 'admit' | 'restart' | 'next-month' };

const which = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('submit' as const),
			owner: fc.constantFrom(1, 2),
			count: fc.integer({ min: 1, max: 4 }),
		}),
	},
	{
		weight: 6,
		arbitrary: fc.record({
			do: fc.constant('settle' as const),
			which,
			used: fc.double({ min: 0, max: 2, noNaN: true }),
			fate: fc.constantFrom<AttemptFate>('succeeded', 'succeeded', 'failed', 'again', 'lost'),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constantFrom('settle-killed' as const, 'cancel' as const, 'retry' as const), which }),
	},
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('limit' as const), of: fc.nat(3), amount: fc.nat(12_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('unlimit' as const), of: fc.nat(3) }) },
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constantFrom('admit' as const, 'admit' as const, 'restart' as const, 'next-month' as const),
		}),
	},
);

/** Budgets as they follow from the rows of tasks and usage alone, which is what they must be. */
interface Plain {
	seq: number;
	amount: number;
	/** Whose spending is its. */
	people: number[];
	spent: number;
	reserved: number;
}

const plainBudgets = (world: BudgetWorld): Plain[] => {
	const rows = world.db
		.prepare('SELECT seq, amount_micro AS amount, user_seq AS user, group_seq AS grp FROM budgets')
		.all() as {
		seq: number;
		amount: number;
		user: number | null;
		grp: number | null;
	}[];
	const { start, next } = monthOf(world.now);
	return rows.map(({ seq, amount, user, grp }) => {
		// Both are in the class; only bob is in the group.
		const people = user !== null ? [user] : grp !== null ? [2] : [1, 2];
		const spent = world.count(
			`SELECT coalesce(sum(amount_micro), 0) FROM usage_records WHERE charged = 1 AND owner_seq IN (${people.join()})
			 AND at >= ${start} AND at < ${next}`,
		);
		const reserved = world.count(
			`SELECT coalesce(sum(r.amount_micro), 0) FROM budget_reservations r JOIN tasks t ON t.seq = r.task_seq
			 WHERE r.budget_seq = ${seq} AND t.finished_at IS NULL`,
		);
		return { seq, amount, people, spent, reserved };
	});
};

const tasks = (world: BudgetWorld, where: string): { seq: number; estimate: number; owner: number }[] =>
	world.db
		.prepare(`SELECT seq, estimate_micro AS estimate, owner_seq AS owner FROM tasks WHERE ${where} ORDER BY seq`)
		.all() as { seq: number; estimate: number; owner: number }[];

const run = async (world: BudgetWorld, one: Step): Promise<void> => {
	const owners = [
		{ person: world.people.ada },
		{ person: world.people.bob },
		{ group: world.lab },
		{ class: 'standard' },
	];
	const pick = (where: string, at: number) => {
		const found = tasks(world, where);
		return found[at % Math.max(1, found.length)];
	};
	const budgetOf = async (of: number) => {
		const owner = Object.values(owners[of]!)[0];
		return (await world.budgets.list({ limit: 10 })).items.find((budget) => budget.owner.id === owner);
	};
	const inLine = `state = 'queued' AND held_at IS NULL`;
	switch (one.do) {
		case 'submit':
			await world.submit(one.owner, one.count);
			return;
		case 'settle': {
			const task = pick(inLine, one.which);
			const beyond = Math.max(0, (task?.estimate ?? 0) - PRICES.attempt) / PRICES.wallSecond;
			if (task) await world.settle(task.seq, beyond * one.used, one.fate);
			return;
		}
		case 'settle-killed': {
			const task = pick(inLine, one.which);
			if (task) await world.settleKilled(task.seq, 3);
			return;
		}
		case 'cancel': {
			const task = pick('finished_at IS NULL', one.which);
			if (task) await world.cancel(task.seq);
			return;
		}
		case 'retry': {
			const task = pick(`state IN ('failed', 'cancelled')`, one.which);
			if (task) await world.retry(task.seq);
			return;
		}
		case 'limit': {
			const there = await budgetOf(one.of);
			if (there) await world.raise(there.id, one.amount);
			else await world.limit(owners[one.of]!, one.amount);
			return;
		}
		case 'unlimit': {
			const there = await budgetOf(one.of);
			if (there) await world.budgets.remove(there.id, ANY_VERSION, SYSTEM);
			return;
		}
		case 'admit':
			await world.admit();
			return;
		case 'restart':
			await world.restart();
			return;
		case 'next-month':
			world.now = monthOf(world.now).next + 1;
	}
};

test('whatever happens, nothing is set aside beyond an amount, sums are exact, and what has room goes on', async () => {
	const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
		await using world = await BudgetWorld.open();
		await world.limit({ person: world.people.ada }, 5_000);
		await world.limit({ class: 'standard' }, 9_000);
		for (const one of steps) {
			// What is known of a type is looked up anew.
			world.now += 11_000;
			const before = new Map(plainBudgets(world).map((budget) => [budget.seq, budget]));
			await run(world, one);
			const shown = (await world.budgets.list({ limit: 10 })).items;
			const budgets = plainBudgets(world);
			expect(shown.map((view) => [view.spentMicro, view.reservedMicro])).toEqual(
				budgets.map(({ spent, reserved }) => [spent, reserved]),
			);
			for (const { seq, amount, spent, reserved } of budgets) {
				// More may be spent than was expected; but then no more is let through.
				if (reserved > (before.get(seq)?.reserved ?? 0)) expect(spent + reserved).toBeLessThanOrEqual(amount);
			}
			if (one.do !== 'admit') continue;
			for (const owner of [1, 2]) {
				const [oldest] = tasks(world, `held_by = 'budget' AND finished_at IS NULL AND owner_seq = ${owner}`);
				if (!oldest) continue;
				const estimate = (await world.budgets.estimate([costlyOf(world, owner)])).amountMicro;
				const full = budgets.filter(
					({ people, amount, spent, reserved }) => people.includes(owner) && spent + reserved + estimate > amount,
				);
				expect(full).not.toEqual([]);
			}
		}
		expect(world.violations()).toEqual([]);
	});
	await fc.assert(property, { numRuns: 15 });
});

const costlyOf = (world: BudgetWorld, ownerSeq: number) => ({
	...{ ownerSeq, serviceClass: null },
	typeSeq: world.count(`SELECT seq FROM task_types WHERE name = 'noop'`),
});
