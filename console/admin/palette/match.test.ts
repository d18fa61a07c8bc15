import { expect, test } from 'vitest';
import { matching } from './match.ts';

const command = (word: string, group = 'Go to') => ({ id: word, word, group, icon: 'search' as const, run: () => {} });
const commands = [
	command('Accounting'),
	command('Drain node-7', 'Nodes'),
	command('Nodes'),
	command('Service classes'),
];
const words = (typed: string) => matching(commands, typed).map(({ word }) => word);

test('what fits best comes first', () => {
	expect(words('')).toEqual(commands.map(({ word }) => word));
	expect(words('nod')).toEqual(['Nodes', 'Drain node-7']);
	expect(words('cl')).toEqual(['Service classes']);
	expect(words('svc')).toEqual(['Service classes']);
	expect(words('go to acc')).toEqual(['Accounting']);
	expect(words('zzz')).toEqual([]);
});
