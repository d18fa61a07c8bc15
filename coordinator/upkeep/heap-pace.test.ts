import { expect, test } from 'vitest';
import { HeapPace } from './heap-pace.ts';

test('a heap is held tight once the index is large, until it is small again', () => {
	const said: string[] = [];
	const pace = new HeapPace((flags) => said.push(flags));
	for (const tasks of [0, 149_000, 151_000, 120_000, 900_000, 101_000]) pace.adjust(tasks);
	expect(said).toEqual(['--heap-growing-percent=20']);
	for (const tasks of [99_000, 149_000, 0]) pace.adjust(tasks);
	expect(said).toEqual(['--heap-growing-percent=20', '--heap-growing-percent=0']);
});

test('V8 takes the flag while it runs', () => {
	const pace = new HeapPace();
	pace.adjust(1_000_000);
	pace.adjust(0);
});
