import { afterEach, expect, test } from 'vitest';
import { catalogue, speak } from './words.ts';

const english = { title: 'Nodes', running: (count: number) => `${count} running` };
afterEach(() => speak({}));

test('words are English unless another language has its own', () => {
	expect(catalogue('nodes', english).title).toBe('Nodes');
	speak({ nodes: { title: 'Knoten' }, queues: { running: () => 'never' } });
	const words = catalogue('nodes', english);
	expect([words.title, words.running(3)]).toEqual(['Knoten', '3 running']);
});
