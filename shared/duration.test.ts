import { expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

it('reads times with a unit, and bare numbers as seconds', () => {
	expect(['90s', '30m', '1.5h', '2 d', '500ms', '30', '0.2', '0'].map(parseDuration)).toEqual([
		90_000, 1_800_000, 5_400_000, 172_800_000, 500, 30_000, 200, 0,
	]);
});

it('takes nothing else for a time', () => {
	for (const text of ['', 's', '-1s', '1e9', '1w', '30 minutes', 'soon', '1'.repeat(13)]) {
		expect(parseDuration(text)).toBeNull();
	}
});
