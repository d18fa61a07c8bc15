import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { blobFaults } from '../../test/support/check-blobs.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { newId } from '../database/new-id.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import type { ComingEntry } from './coming-store.ts';
import { createDataset } from './dataset-store.ts';
import { listEntries } from './entry-store.ts';
import { publishDataset } from './publication-store.ts';
import { Publisher } from './publisher.ts';

const PATHS = ['a', 'a/b', 'a0', 'b', 'b/c/d', 'z'];
/** Which content each path has; a path that is not there is not in the tree. */
const tree = fc.dictionary(fc.constantFrom(...PATHS), fc.integer({ min: 0, max: 3 }));
/** A tree, and after how many of its files its reading breaks, or the process ends; null: it comes to its end. */
const step = fc.record({
	tree,
	breaks: fc.option(fc.record({ after: fc.nat(3), how: fc.constantFrom('fails', 'killed') }), { freq: 3 }),
});

const entryOf = ([path, content]: [string, number]): ComingEntry => ({
	path,
	sha256: createHash('sha256').update(String(content)).digest('hex'),
	size: 1,
	mediaType: null,
	isKept: true,
	fileSeq: null,
});

test('every version is exactly the tree that was published, however others before and after it ended', async () => {
	await using room = await JobsRoom.open();
	const { ledger } = room;
	let runs = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
			runs += 1;
			const name = `run-${runs}`;
			const about = { title: name, description: '', licence: { name: '', text: null } };
			const now = Date.now();
			const row = { id: newId('dataset', now), ownerSeq: 1, readerSeq: 1, name, about, source: null, by: SYSTEM, now };
			await ledger.write(createDataset, row);
			const published: Record<string, number>[] = [];
			for (const { tree, breaks } of steps) {
				let left = breaks?.after ?? Number.POSITIVE_INFINITY;
				const killed = new Promise<void>((resolve) => {
					if (breaks?.how !== 'killed') resolve();
				});
				const publisherOf = (isBroken: boolean) =>
					new Publisher({
						ledger,
						logger: pino({ level: 'silent' }),
						quotaOf: () => null,
						async *read() {
							for (const entry of Object.entries(tree).map(entryOf)) {
								if (isBroken && left-- <= 0) {
									// A process that was killed never comes back to this.
									await killed;
									throw new Error('the disk is gone');
								}
								yield { entries: [entry], release() {} };
							}
						},
					});
				const args = { readerSeq: 1, ref: name, source: { folder: '/', ownerSeq: 1 }, note: '', by: SYSTEM, now };
				await ledger.write(publishDataset, { ...args, condition: ANY_VERSION });
				const isBroken = breaks !== null && breaks.after < Object.keys(tree).length;
				const first = publisherOf(true);
				first.kick();
				if (isBroken && breaks.how === 'killed') {
					while (left >= 0) await new Promise(setImmediate);
					const second = publisherOf(false);
					second.kick();
					await second.settled();
				} else await first.settled();
				if (!isBroken || breaks.how === 'killed') published.push(tree);
				for (const [at, expected] of published.entries()) {
					const asked = { readerSeq: 1, ref: name, version: at + 1, under: null, after: null, limit: 100 };
					const found = await ledger.read(listEntries, asked);
					const whole = Object.entries(expected)
						.map(entryOf)
						.map(({ path, sha256 }) => `${path} ${sha256}`)
						.sort();
					expect(found.map(({ path, sha256 }) => `${path} ${sha256}`).sort()).toEqual(whole);
				}
				expect(room.count(`SELECT version FROM datasets WHERE name = '${name}'`)).toBe(published.length);
			}
			const { files, bytes, kept } = room.db
				.prepare(
					`SELECT d.files, d.bytes, (SELECT count(*) FROM dataset_entries e WHERE e.dataset_seq = d.seq) AS kept
					 FROM datasets d WHERE d.name = ?`,
				)
				.get(name) as { files: number; bytes: number; kept: number };
			expect([files, bytes]).toEqual([kept, kept]);
		}),
		{ numRuns: 60 },
	);
	const faults = await blobFaults(room.db, room.folder.path, false);
	expect(faults.filter((fault) => fault.includes('references'))).toEqual([]);
});
