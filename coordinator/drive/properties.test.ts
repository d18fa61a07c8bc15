import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { LOCK_OPERATIONS } from '../files/lock-operation-store.ts';
import { Locks } from './locks.ts';
import { DRIVE_OPERATIONS } from './operations.ts';
import { Properties, type PropertyBearer, type PropertyChange } from './properties.ts';

let room: FileRoom;
let ledger: TestLedger;
let properties: Properties;
let file: PropertyBearer;
let folder: PropertyBearer;
beforeEach(async () => {
	room = await FileRoom.open();
	ledger = new TestLedger({
		file: room.folder.join('ledger.db'),
		operations: [...LOCK_OPERATIONS, ...DRIVE_OPERATIONS],
	});
	properties = new Properties({ ledger });
	await room.upload('/folder/file', 'x');
	file = { kind: 'file', seq: room.count('SELECT seq FROM files') };
	folder = { kind: 'folder', seq: room.count('SELECT seq FROM folders') };
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await room[Symbol.asyncDispose]();
});

const change = (bearer: PropertyBearer, changes: PropertyChange[], tokens: string[] = []) =>
	properties.change(bearer, changes, { ownerSeq: 1, names: ['folder', 'file'], tokens });
const set = (name: string, value: string, namespace = 'urn:x') => ({ set: { namespace, name, value } });
const remove = (name: string, namespace = 'urn:x') => ({ remove: { namespace, name } });
const valuesOf = async (bearer: PropertyBearer) =>
	(await properties.of([bearer])).flat().map(({ namespace, name, value }) => `${namespace} ${name} ${value}`);

test('properties are set, replaced and removed in the order of the request', async () => {
	await change(file, [set('a', '1'), set('a', '2'), set('b', '3'), remove('b'), set('a', '4', 'urn:y')]);
	expect(await valuesOf(file)).toEqual(['urn:x a 2', 'urn:y a 4']);
	await change(file, [remove('a'), remove('nothing')]);
	expect(await valuesOf(file)).toEqual(['urn:y a 4']);
});

test('a file’s are not a folder’s of the same number', async () => {
	expect(file.seq).toBe(folder.seq);
	await change(file, [set('of', 'file')]);
	await change(folder, [set('of', 'folder')]);
	const found = await properties.of([file, null, folder]);
	expect(found.map((of) => of.map(({ value }) => value))).toEqual([['file'], [], ['folder']]);
	expect(await valuesOf(folder)).toEqual(['urn:x of folder']);
});

test('what would be too much changes nothing', async () => {
	await change(file, [set('kept', 'x')]);
	const many = Array.from({ length: 200 }, (_, i) => set(`name ${i}`, ''));
	await expect(change(file, many)).rejects.toMatchObject({ code: 'property-limit' });
	const large = [remove('kept'), set('large', 'ä'.repeat(32_768))];
	await expect(change(file, large)).rejects.toMatchObject({ code: 'property-limit' });
	expect(await valuesOf(file)).toEqual(['urn:x kept x']);
	await change(file, many.slice(1));
	expect(await valuesOf(file)).toHaveLength(200);
});

test('a person’s are counted however they come and go, and are refused when all together are too much', async () => {
	const use = () => room.count('SELECT bytes FROM drive_property_use');
	await change(file, [set('a', '1'), set('b', 'ää'), set('a', '123')]);
	await change(folder, [set('c', 'x')]);
	const each = 'urn:x'.length + 1;
	expect(use()).toBe(3 * each + 3 + 4 + 1);
	await change(file, [remove('a')]);
	expect(use()).toBe(2 * each + 4 + 1);
	room.db.exec('UPDATE drive_property_use SET bytes = 300000000');
	await expect(change(folder, [set('d', 'x')])).rejects.toMatchObject({ code: 'property-limit' });
	await change(folder, [remove('c')]);
	expect(use()).toBe(300_000_000 - each - 1);
});

test('they go with their entry, and nothing gets any when it is gone', async () => {
	await change(file, [set('a', '1')]);
	room.db.exec('PRAGMA foreign_keys = ON; DELETE FROM files');
	expect(room.count('SELECT count(*) FROM drive_properties')).toBe(0);
	expect(room.count('SELECT bytes FROM drive_property_use')).toBe(0);
	await expect(change(file, [set('a', '1')])).rejects.toMatchObject({ code: 'not-found' });
});

test('what is locked takes the changes of whoever holds the lock', async () => {
	const wanted = { ownerSeq: 1, names: ['folder'], isExclusive: true, isDeep: true, holder: null, timeoutMs: 1 };
	const { token } = await new Locks({ ledger, onReleased: () => {} }).take(wanted);
	await expect(change(file, [set('a', '1')])).rejects.toMatchObject({ code: 'locked' });
	expect(await valuesOf(file)).toEqual([]);
	await change(file, [set('a', '1')], [token]);
	expect(await valuesOf(file)).toEqual(['urn:x a 1']);
});

test('those of many are told piece by piece when they are long', async () => {
	await change(file, [set('a', 'x'.repeat(60_000))]);
	const entries = Array.from({ length: 1_000 }, () => file);
	const found = await properties.of(entries);
	expect(found.length).toBeLessThan(20);
	expect(found.every(([property]) => property?.value.length === 60_000)).toBe(true);
	expect(await properties.of(Array.from({ length: 1_000 }, () => folder))).toHaveLength(1_000);
});
