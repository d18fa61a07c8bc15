import { expect, test } from 'vitest';
import { summaryOf } from './series.ts';

test('a chart is told in words', () => {
	const line = (name: string, values: (number | null)[]) => ({ name, color: 'indigo' as const, values });
	const series = [line('Load', [1, null, 3, 2]), line('Slots', [4, 4]), line('GPU', [null])];
	expect(summaryOf({ times: [0, 1, 2, 3], series }, (value) => `${value}`)).toEqual([
		'Load: 2 now, between 1 and 3.',
		'Slots: 4 throughout.',
		'GPU: nothing is known.',
	]);
});
