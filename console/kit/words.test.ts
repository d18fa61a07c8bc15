import { expect, test } from 'vitest';
import { catalogue, languageFor } from './words.ts';

const english = { title: 'Nodes', running: (count: number) => `${count} running` };
const german = { nodes: { title: 'Knoten' }, queues: { running: () => 'never' } };

test('words are English unless the language has its own', () => {
	expect(catalogue('nodes', english).title).toBe('Nodes');
	const words = catalogue('nodes', english, german);
	expect([words.title, words.running(3)]).toEqual(['Knoten', '3 running']);
});

test('the language is the first that somebody reads and there is; English is always there', () => {
	const brazilian = {};
	const there = { de: german, 'pt-br': brazilian };
	expect(languageFor(['fr', 'de-CH', 'en'], there)).toBe(german);
	expect(languageFor(['pt-BR', 'de'], there)).toBe(brazilian);
	expect(languageFor(['pt-PT', 'de'], there)).toBe(german);
	expect(languageFor(['en-GB', 'de'], there)).toEqual({});
	expect(languageFor([], there)).toEqual({});
});
