import { expect, it } from 'vitest';
import { RecentContents } from './recent-contents.ts';
import type { StagedBlob } from './staged-blob.ts';
import { StagedInMemory } from './staged-in-memory.ts';

it('recent contents go when there are too many bytes, the longest unused first', () => {
	const recent = new RecentContents(30);
	const contents = ['a', 'b', 'c'].map((name) => Buffer.alloc(10, name));
	for (const content of contents) recent.add(content.toString('latin1', 0, 1), content);
	expect(recent.find('a')).toBe(contents[0]);
	recent.add('a', contents[0]!);
	recent.add('d', Buffer.alloc(11));
	expect(recent.find('b')).toBeNull();
	expect(recent.find('c')).toBeNull();
	expect(recent.find('a')).toBe(contents[0]);
	recent.remove('a');
	expect(recent.find('a')).toBeNull();
	recent.add('huge', Buffer.alloc(31));
	expect(recent.find('huge')).toBeNull();
});

it('what is staged in memory is held to a number of bytes, and each counts once', () => {
	const staged = (size: number): StagedBlob => {
		const content = Buffer.alloc(size);
		return { sha256: '', size, head: content, at: { content } };
	};
	const inMemory = new StagedInMemory(30);
	const [a, b, c] = [staged(20), staged(20), staged(10)];
	expect([a!, b!, c!].map((one) => inMemory.add(one))).toEqual([true, false, true]);
	inMemory.remove(b!);
	inMemory.remove(c!);
	inMemory.remove(c!);
	expect(inMemory.add(b!)).toBe(false);
	inMemory.remove(a!);
	expect(inMemory.add(b!)).toBe(true);
});
