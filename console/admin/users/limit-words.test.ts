import { expect, it } from 'vitest';
import { limitWords } from './limit-words.ts';

it('a policy’s limits of one person are told in their units, and what is missing has none', () => {
	const from = 'class lab v3';
	const told = limitWords([
		{ path: 'quotas.storedBytes', value: 5_000_000, from },
		{ path: 'caps.queued', value: 12_000, from },
		{ path: 'quotas.files', value: null, from },
		{ path: 'caps.running', value: 7, from },
	]);
	expect(told.map(({ name, value }) => [name, value])).toEqual([
		['Stored', '5.0 MB'],
		['Files', null],
		['Moved a month', null],
		['Running', null],
		['In line', '12,000'],
	]);
});
