import { expect, it } from 'vitest';
import { teller } from './progress.ts';

it('tells now and then, within bounds, and never less than before', () => {
	let now = 0;
	const told: number[] = [];
	const tell = teller(
		(share) => told.push(share),
		() => now,
	);
	tell(0.1);
	tell(0.2);
	now = 100;
	tell(0.05);
	tell(0.3);
	now = 200;
	tell(7);
	expect(told).toEqual([0.1, 0.3, 1]);
});
