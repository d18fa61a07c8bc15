import { expect, it } from 'vitest';
import { advertise } from './advertise.ts';

const typesWith = (egress: 'public' | 'none') =>
	advertise({ hardware: {}, labels: {}, sandbox: 'none', commandTypes: ['own'], egress }).taskTypes;

it('a node that asks nobody outside offers everything but what does', () => {
	const everything = typesWith('public');
	expect(everything).toEqual(expect.arrayContaining(['md5', 'fetch', 'url', 'feed-topic', 'x-topic', 'own']));
	const outside = new Set(['fetch', 'url', 'feed-topic', 'x-topic']);
	expect(typesWith('none')).toEqual(everything.filter((name) => !outside.has(name)));
});
