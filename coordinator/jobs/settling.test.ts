import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import type { Ledger } from '../database/ledger.ts';
import { BlobStore } from '../files/blob-store.ts';
import type { StagedBlob } from '../files/staged-blob.ts';
import type { Ending } from '../queue/settlements.ts';
import { Announcer } from '../report/announcer.ts';
import { Settling } from './settling.ts';

const TOKEN = 'a'.repeat(32);

let folder: TempFolder;
let blobs: BlobStore;
beforeEach(async () => {
	folder = new TempFolder();
	blobs = await BlobStore.open({ folder: folder.join('blobs'), staging: folder.join('staging'), watermark: 0 });
});
afterEach(async () => {
	await blobs[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const fullLedger: Ledger = {
	read: () => Promise.reject(new CodedError('disk-full')),
	write: () => Promise.reject(new CodedError('disk-full')),
	async [Symbol.asyncDispose]() {},
};

const setUp = async () => {
	const content = randomBytes(1024 * 1024);
	const staged = await blobs.stage(Readable.from([content]), { maxBytes: content.length });
	const arrived = new Map<string, StagedBlob>([[TOKEN, staged]]);
	const settling = new Settling({
		ledger: fullLedger,
		blobs,
		outputs: {
			find: ({ token }) => arrived.get(token) ?? null,
			discard: ({ token }) => void arrived.delete(token),
		},
		announcer: new Announcer(() => {}),
		happened: () => {},
		quotaOf: () => null,
	});
	const ending = {
		lease: { id: `tsk_${'0'.repeat(26)}`, token: TOKEN, task: { type: 'noop', payload: null } },
		item: { next: { state: 'succeeded', dueAt: null, avoidNode: null }, result: '{}' },
		outputs: [{ name: 'out', sha256: staged.sha256, size: staged.size, mediaType: 'text/plain' }],
	} as Ending;
	const commit = async () => (await settling.commit([ending]))[0];
	return { staged, arrived, commit };
};

test('an output that could not be settled is settled later from where it was put', async () => {
	const { arrived, commit } = await setUp();
	for (let i = 0; i < 2; i++) {
		expect(await commit()).toMatchObject({ status: 'rejected', reason: { code: 'disk-full' } });
		expect(arrived.has(TOKEN)).toBe(true);
	}
});

test('an output that the sweep has taken meanwhile counts as not arrived, so that the work is done anew', async () => {
	const { staged, arrived, commit } = await setUp();
	await commit();
	await rm(blobs.pathOf(staged.sha256));
	expect(await commit()).toMatchObject({ status: 'rejected', reason: { code: 'ENOENT' } });
	expect(arrived.has(TOKEN)).toBe(false);
});
