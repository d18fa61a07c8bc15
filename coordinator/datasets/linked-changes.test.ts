import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DatasetsRoom } from '../../test/support/datasets-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';

const ABOUT = { title: 'Linked', description: '', licence: { name: '', text: null } };
const PATHS = ['a', 'b', 'in/a', 'in/b'];
const path = fc.constantFrom(...PATHS);
const content = fc.constantFrom('one', 'two', 'the third');
/** What somebody does in the directory. */
const change = fc.oneof(
	fc.record({ kind: fc.constant('write' as const), path, content }),
	fc.record({ kind: fc.constant('remove' as const), path }),
	fc.record({ kind: fc.constant('link' as const), path }),
);
const steps = fc.array(fc.record({ changes: fc.array(change, { maxLength: 4 }) }), { minLength: 1, maxLength: 4 });

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('whatever becomes of the files, a version is the tree as it was, and its content is given right or not at all', async () => {
	await using room = await DatasetsRoom.open();
	let runs = 0;
	// What is written in the same size and at the same time is not told apart: publishing does not read it again.
	let clock = 0;
	await fc.assert(
		fc.asyncProperty(steps, async (all) => {
			const name = `x${++runs}`;
			const asked = { readerSeq: 3, ref: name };
			const root = room.jobs.folder.join(`roots/${name}`);
			await mkdir(`${root}/in`, { recursive: true });
			await writeFile(`${root}/keep`, 'kept');
			/** What lies there now; null: a link, which no dataset takes. */
			const tree = new Map<string, string | null>([['keep', 'kept']]);
			const versions: Map<string, string | null>[] = [];
			for (const { changes } of [{ changes: [] }, ...all]) {
				for (const { kind, path, ...of } of changes) {
					await rm(`${root}/${path}`, { force: true });
					tree.delete(path);
					if (kind === 'link') {
						await symlink('/etc/hostname', `${root}/${path}`);
						tree.set(path, null);
					} else if (kind === 'write') {
						const { content } = of as { content: string };
						await writeFile(`${root}/${path}`, content);
						await utimes(`${root}/${path}`, ++clock, clock);
						tree.set(path, content);
					}
				}
				if (versions.length === 0) await room.datasets.create(3, { name, about: ABOUT, from: { link: root } }, SYSTEM);
				else {
					// Read before it is published again: what is found out must not get in the way of that.
					for (const was of versions) await readAll(was);
					const again = { from: { directory: root }, note: '' };
					await room.datasets.publish(asked, again, { condition: ANY_VERSION, by: SYSTEM });
				}
				await room.settled();
				if (![...tree.values()].includes(null)) versions.push(new Map(tree));
				const view = await room.datasets.read(asked);
				expect([view.state, view.version]).toEqual(['ready', versions.length]);
			}
			for (const [at, was] of versions.entries()) {
				const { items } = await room.datasets.entries(asked, { limit: 100, version: at + 1 });
				expect(new Map(items.map((item) => [item.path, item.sha256]))).toEqual(
					new Map([...was].map(([one, text]) => [one, sha256(text ?? '')])),
				);
				await readAll(was);
			}
			// What lies there as it was published is there.
			if (![...tree.values()].includes(null)) {
				for (const text of tree.values()) {
					expect((await room.contents.readSmall(sha256(text ?? ''), Buffer.byteLength(text ?? ''))).toString()).toBe(
						text,
					);
				}
			}
			expect(room.count('SELECT count(*) FROM blobs')).toBe(0);
			await room.datasets.retire(asked, { condition: ANY_VERSION, by: SYSTEM, force: true });

			async function readAll(was: ReadonlyMap<string, string | null>): Promise<void> {
				for (const text of was.values()) {
					if (text === null) continue;
					const given = await room.contents.readSmall(sha256(text), Buffer.byteLength(text)).catch((error: unknown) => {
						expect(error).toMatchObject({ code: 'content-changed' });
						return null;
					});
					if (given) expect(given.toString()).toBe(text);
				}
			}
		}),
		{ numRuns: 25 },
	);
});
