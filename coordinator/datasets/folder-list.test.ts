import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DatasetsRoom } from '../../test/support/datasets-room.ts';

const NAMES = ['a', 'a0', 'a-b', 'b', 'z'];
const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

/** What lies in the folder itself, told from all paths. */
const naive = (paths: readonly string[], folder: string): string[] => {
	const prefix = folder === '' ? '' : `${folder}/`;
	const inside = paths.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
	return [...new Set(inside.map((name) => (name.includes('/') ? `${name.split('/')[0]}/` : name)))].sort();
};

test('a folder lists its files, and each of its folders once, however small the pages are', async () => {
	await using room = await DatasetsRoom.open();
	let runs = 0;
	await fc.assert(
		fc.asyncProperty(
			fc.uniqueArray(path, { minLength: 1, maxLength: 8 }),
			fc.integer({ min: 1, max: 3 }),
			async (all, limit) => {
				// What is a folder cannot be a file, too.
				const paths = all.filter((one) => !all.some((other) => other.startsWith(`${one}/`)));
				runs += 1;
				for (const one of paths) await room.jobs.upload(`/run-${runs}/${one}`, one);
				const name = `run-${runs}`;
				await room.publish(name, `/run-${runs}`);
				const folders = new Set([
					'',
					...paths.flatMap((one) => one.split('/').map((_, at, names) => names.slice(0, at).join('/'))),
				]);
				for (const folder of folders) {
					const found: string[] = [];
					let cursor: string | undefined;
					do {
						const page = await room.datasets.folder({ readerSeq: 1, ref: name }, { limit, folder, cursor });
						expect(page.items.length).toBeLessThanOrEqual(limit);
						found.push(...page.items.map((item) => (item.kind === 'folder' ? `${item.name}/` : item.name)));
						cursor = page.nextCursor ?? undefined;
					} while (cursor !== undefined);
					expect(found).toEqual(naive(paths, folder));
				}
			},
		),
		{ numRuns: 12 },
	);
});

test('a folder is listed as it was in a version, and an empty dataset has none', async () => {
	await using room = await DatasetsRoom.open();
	await room.jobs.upload('/in/old/a.txt', 'a');
	await room.publish('both', '/in');
	await room.jobs.upload('/in/new/b.txt', 'b');
	await room.publishNext('both', '/in');
	const names = async (version: number) =>
		(await room.datasets.folder({ readerSeq: 1, ref: 'both' }, { limit: 10, version })).items.map(({ name }) => name);
	expect([await names(1), await names(2)]).toEqual([['old'], ['new', 'old']]);
	await expect(room.datasets.folder({ readerSeq: 2, ref: 'both' }, { limit: 10 })).rejects.toThrow(
		/There is no dataset/,
	);
	await expect(room.datasets.folder({ readerSeq: 1, ref: 'both' }, { limit: 10, cursor: 'x' })).rejects.toThrow();
});
