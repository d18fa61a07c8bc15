import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { type Fetch, InputCache } from './input-cache.ts';
import { TransferFailure } from './transfer-error.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

let folders = 0;
const newFolder = () => folder.join(`cache-${++folders}`);
const never = new AbortController().signal;

const item = (text: string, size = 100) => {
	const content = Buffer.alloc(size, text);
	const sha256 = createHash('sha256').update(content).digest('hex');
	const fetch = vi.fn<Fetch>((path) => writeFile(path, content));
	return { input: { sha256, size }, content, fetch };
};

describe('the cache of inputs', () => {
	it('fetches once, and has it afterwards', async () => {
		const cache = await InputCache.open(newFolder(), 10_000);
		const { input, content, fetch } = item('a');
		const first = await cache.take(input, fetch, never);
		const second = await cache.take(input, fetch, never);
		expect(readFileSync(first.path)).toEqual(content);
		expect(second.path).toBe(first.path);
		expect(fetch).toHaveBeenCalledOnce();
		expect(cache.bytes).toBe(100);
	});

	it('lets many wait for one download', async () => {
		const cache = await InputCache.open(newFolder(), 10_000);
		const { input, fetch } = item('a');
		await Promise.all(Array.from({ length: 8 }, () => cache.take(input, fetch, never)));
		expect(fetch).toHaveBeenCalledOnce();
	});

	it('drops what was not used for longest, but nothing that is being read', async () => {
		const path = newFolder();
		const cache = await InputCache.open(path, 250);
		const [a, b, c] = [item('a'), item('b'), item('c')];
		const pinned = await cache.take(a.input, a.fetch, never);
		(await cache.take(b.input, b.fetch, never)).release();
		(await cache.take(c.input, c.fetch, never)).release();
		expect(existsSync(pinned.path)).toBe(true);
		expect(readdirSync(path).sort()).toEqual([a.input.sha256, c.input.sha256].sort());
		pinned.release();
		pinned.release();
		await cache.take(b.input, b.fetch, never);
		expect(b.fetch).toHaveBeenCalledTimes(2);
		expect(readdirSync(path).sort()).toEqual([b.input.sha256, c.input.sha256].sort());
		expect(cache.bytes).toBe(200);
	});

	it('holds an input larger than the whole cache as long as it is read', async () => {
		const path = newFolder();
		const cache = await InputCache.open(path, 50);
		const { input, fetch } = item('a');
		const pinned = await cache.take(input, fetch, never);
		expect(existsSync(pinned.path)).toBe(true);
		pinned.release();
		await vi.waitFor(() => expect(readdirSync(path)).toEqual([]), { timeout: 30_000 });
		expect(cache.bytes).toBe(0);
	});

	it('knows after a restart what it has, checks it before use, and removes leftovers', async () => {
		const path = newFolder();
		const before = await InputCache.open(path, 10_000);
		const [good, bad] = [item('a'), item('b')];
		await before.take(good.input, good.fetch, never);
		const spoiled = await before.take(bad.input, bad.fetch, never);
		writeFileSync(`${path}/${'c'.repeat(64)}.3.part`, 'half');
		writeFileSync(spoiled.path, Buffer.alloc(100, 'x'));
		const cache = await InputCache.open(path, 10_000);
		expect(cache.bytes).toBe(200);
		expect(readdirSync(path)).toHaveLength(2);
		await cache.take(good.input, good.fetch, never);
		expect(good.fetch, 'what is whole is not fetched again').toHaveBeenCalledTimes(1);
		const healed = await cache.take(bad.input, bad.fetch, never);
		expect(bad.fetch, 'what is damaged is').toHaveBeenCalledTimes(2);
		expect(readFileSync(healed.path)).toEqual(bad.content);
		expect(cache.bytes).toBe(200);
	});

	it('keeps nothing of a failed download, and tries again for the next', async () => {
		const path = newFolder();
		const cache = await InputCache.open(path, 10_000);
		const { input, fetch } = item('a');
		const failing: Fetch = async (target) => {
			await writeFile(target, 'half');
			throw new Error('cut');
		};
		await expect(cache.take(input, failing, never)).rejects.toThrow('cut');
		expect(readdirSync(path)).toEqual([]);
		await cache.take(input, fetch, never);
		expect(fetch).toHaveBeenCalledOnce();
	});

	it('does not fail one attempt for another’s download: it tries with its own rights', async () => {
		const cache = await InputCache.open(newFolder(), 10_000);
		const { input, fetch } = item('a');
		let fail: ((error: Error) => void) | null = null;
		const refused: Fetch = () =>
			new Promise((_, reject) => {
				fail = reject;
			});
		const first = cache.take(input, refused, never);
		const second = cache.take(input, fetch, never);
		await vi.waitFor(() => expect(fail).not.toBeNull(), { timeout: 30_000 });
		(fail as ((error: Error) => void) | null)?.(new Error('stale attempt'));
		await expect(first).rejects.toThrow('stale attempt');
		expect((await second).path).toContain(input.sha256);
	});

	it('fails all who wait when the content itself does not come', async () => {
		const cache = await InputCache.open(newFolder(), 10_000);
		const { input, fetch } = item('a');
		const lost = new TransferFailure({ class: 'permanent', code: 'input-lost', message: 'lost' });
		const first = cache.take(input, () => Promise.reject(lost), never);
		const second = cache.take(input, fetch, never);
		expect(await Promise.allSettled([first, second])).toEqual([
			{ status: 'rejected', reason: lost },
			{ status: 'rejected', reason: lost },
		]);
		expect(fetch).not.toHaveBeenCalled();
	});

	it('stops a download when the last one who waits for it goes', async () => {
		const cache = await InputCache.open(newFolder(), 10_000);
		const { input } = item('a');
		let stopped: AbortSignal | null = null;
		const slow: Fetch = (_, signal) => {
			stopped = signal;
			return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
		};
		const [one, two] = [new AbortController(), new AbortController()];
		const first = cache.take(input, slow, one.signal);
		const second = cache.take(input, slow, two.signal);
		one.abort(new Error('first gone'));
		await expect(first).rejects.toThrow('first gone');
		expect((stopped as AbortSignal | null)?.aborted).toBe(false);
		two.abort(new Error('second gone'));
		await expect(second).rejects.toThrow('second gone');
		expect((stopped as AbortSignal | null)?.aborted).toBe(true);
	});
});
