import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { TestBook } from '../../test/support/policy-book.ts';
import { SubmitRates } from './submit-rates.ts';

const world = (perMinute: number, burst: number, people: number[] = [1]) => {
	const policies = new TestBook();
	for (const userSeq of people) policies.give(userSeq, { rates: { submits: { perMinute, burst } } });
	const clock = { now: 0 };
	return { policies, clock, rates: new SubmitRates({ policies, now: () => clock.now }) };
};
const refusal = (act: () => unknown): CodedError | null => {
	try {
		act();
		return null;
	} catch (error) {
		if (error instanceof CodedError) return error;
		throw error;
	}
};

test('after the seconds that are named in a refusal the same is let through', () => {
	const step = fc.record({ waitMs: fc.nat(5_000), tasks: fc.integer({ min: 1, max: 20 }), made: fc.nat(20) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
			const { rates, clock } = world(90, 20);
			let made = 0;
			for (const step of steps) {
				clock.now += step.waitMs;
				const refused = refusal(() => rates.take(1, step.tasks)(step.tasks));
				if (refused) {
					expect(refused.code).toBe('too-many-requests');
					clock.now += refused.retryAfter! * 1_000 + 1e-6;
				}
				const used = Math.min(step.made, step.tasks);
				rates.take(1, step.tasks)(step.tasks - used);
				made += used;
				expect(made).toBeLessThanOrEqual(20 + (clock.now * 90) / 60_000 + 1e-6);
			}
		}),
	);
});

test('a batch that is larger than the burst never goes, and is told so', () => {
	const { rates } = world(600, 100);
	expect(refusal(() => rates.take(1, 101))).toMatchObject({ code: 'too-many-tasks' });
	expect(refusal(() => rates.take(1, 101))?.message).toContain('batches of 100 or fewer');
	expect(refusal(() => rates.take(1, 100))).toBeNull();
});

test('one person’s haste is not another’s, and who has no rate is never refused', () => {
	const { rates } = world(1, 1, [1, 2]);
	rates.take(1, 1);
	expect(refusal(() => rates.take(1, 1))).toMatchObject({ retryAfter: 60 });
	expect(refusal(() => rates.take(2, 1))).toBeNull();
	for (let i = 0; i < 1_000; i += 1) rates.take(3, 10_000);
});

test('a changed class holds at once', () => {
	const { rates, policies } = world(1, 1);
	rates.take(1, 1);
	policies.give(1, { rates: { submits: { perMinute: 60_000, burst: 500 } } });
	expect(refusal(() => rates.take(1, 1))?.retryAfter).toBe(1);
	policies.give(1, {});
	expect(refusal(() => rates.take(1, 5_000))).toBeNull();
	expect(rates.size).toBe(0);
});

test('people who have rested are forgotten', () => {
	const people = Array.from({ length: 10_000 }, (_, i) => i + 1);
	const { rates, clock } = world(60, 1, people);
	for (const userSeq of people) {
		rates.take(userSeq, 1);
		clock.now += 10;
	}
	// Each is full again after a second, in which a hundred others come.
	expect(rates.size).toBeLessThan(1_200);
});
