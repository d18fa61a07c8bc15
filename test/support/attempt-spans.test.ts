import { expect, test } from 'vitest';
import { mostAtOnce, type Span, sharedWindow, slotTime } from './attempt-spans.ts';

const needs = { cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' } as const;
const span = (from: number, to: number, cores = 1): Span => ({
	task: `tsk_${from}`,
	person: 'anna',
	type: 'noop',
	node: 'a',
	state: 'succeeded',
	needs: { ...needs, cores },
	from,
	to,
});
const each = () => 1;

test('overlapping attempts are counted at their worst moment', () => {
	expect(mostAtOnce([], each)).toBe(0);
	expect(mostAtOnce([span(0, 10), span(5, 15), span(9, 12), span(15, 20)], each)).toBe(3);
	expect(mostAtOnce([span(0, 10), span(5, 15)], () => 0)).toBe(0);
	expect(mostAtOnce([span(0, 10, 2), span(5, 15, 3), span(10, 12, 2)], ({ needs }) => needs.cores)).toBe(5);
});

test('what ends in the millisecond in which another begins made room for it', () => {
	expect(mostAtOnce([span(10, 20), span(0, 10)], each)).toBe(1);
	expect(mostAtOnce([span(0, 11), span(10, 20)], each)).toBe(2);
});

test('a live lease counts to the end, whoever holds it', () => {
	expect(mostAtOnce([span(0, Number.POSITIVE_INFINITY), span(1_000, 1_001)], each)).toBe(2);
});

test('slot time is what lies between two moments, and a window ends where the first runs out of work', () => {
	const [ours, theirs] = [
		[span(0, 10), span(10, 30)],
		[span(0, 50), span(50, 60)],
	];
	const { from, to } = sharedWindow([ours, theirs]);
	expect({ from, to }).toEqual({ from: 0, to: 10 });
	expect(slotTime(ours, from, to)).toBe(10);
	expect(slotTime([...ours, ...theirs], 5, 20)).toBe(5 + 10 + 15);
	expect(slotTime(ours, 40, 50)).toBe(0);
});
