import { expect, it } from 'vitest';
import { changeInWords } from './change-words.ts';

it('says all that is asked to be different', () => {
	const fleet = { add: [{ count: 1, concurrency: 4, queues: ['normal'] }], remove: ['x'] };
	const classes = { standard: { band: 7 }, lab: { band: 3 } };
	const queues = [
		{ name: 'night', remove: true as const },
		{ name: 'day', bindingKeys: ['day.#'], paused: true },
	];
	expect(changeInWords({ fleet, classes, queues }, new Map([['standard', 'weights.json']]))).toBe(
		'+1 node with 4 slots serving normal; node x removed; class standard by weights.json; class lab by {"band":3}; queue night removed; queue day with binding keys day.#, paused',
	);
	expect(changeInWords({})).toBe('nothing');
});
