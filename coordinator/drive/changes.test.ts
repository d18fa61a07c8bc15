import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, BOB, DriveRoom, placeOf } from '../../test/support/drive-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { NO_CONDITION } from '../files/condition.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import type { WantedTransfer } from './changes.ts';

let room: DriveRoom;
beforeEach(async () => {
	room = await DriveRoom.open();
	await room.jobs.upload('/a/b.txt', 'hello');
	await room.jobs.processing.recipes.list(1, { limit: 1 });
});
afterEach(() => room[Symbol.asyncDispose]());

const refused = (code: string) => expect.objectContaining({ code });
const make = (path: string, tokens: string[] = [], asker = ADA) => room.drive.makeFolder(asker, placeOf(path), tokens);
const remove = (path: string, tokens: string[] = [], condition = NO_CONDITION) =>
	room.drive.remove(ADA, placeOf(path), { tokens, condition });
const transfer = (how: 'copy' | 'move', from: string, to: string, more: Partial<WantedTransfer> = {}, asker = ADA) =>
	room.drive.transfer(asker, {
		...{ how, from: placeOf(from), to: placeOf(to), overwrite: true, isDeep: true, tokens: [], ...more },
	});
const lock = (names: string[]) =>
	room.drive.locks.take({ ownerSeq: 1, names, isExclusive: true, isDeep: true, holder: null, timeoutMs: 60_000 });
const contentAt = async (path: string): Promise<string> => {
	const { sha256, size } = (await room.find(path))!.file!;
	return (await room.drive.contents.readSmall(sha256, size)).toString();
};

describe('a new folder', () => {
	test('is made where nothing is and its own folder is there', async () => {
		await make('/files/a/c');
		expect(await room.names('/files/a')).toEqual(['c/', 'b.txt']);
		await expect(make('/files/a/c')).rejects.toEqual(refused('name-taken'));
		await expect(make('/files/a/b.txt')).rejects.toEqual(refused('name-taken'));
		await expect(make('/files/x/y')).rejects.toEqual(refused('conflict'));
		expect(await room.names('/files')).toEqual(['a/', '_inbox/']);
	});

	test('is made in an inbox that was there for show only', async () => {
		await expect(make('/files/_inbox/Image basics')).rejects.toEqual(refused('name-taken'));
		await make('/files/_inbox/Image basics/deep');
		expect(await room.names('/files/_inbox/Image basics')).toEqual(['deep/']);
	});

	test('is made in the inbox of whoever was never here', async () => {
		await make('/files/_inbox/Image basics/deep', [], BOB);
		expect(await room.names('/files/_inbox/Image basics', BOB)).toEqual(['deep/']);
	});

	test('is refused where the drive shows other things', async () => {
		for (const path of ['/datasets/x', '/files', '/', '/datasets']) {
			await expect(make(path)).rejects.toEqual(refused(path === '/files' ? 'name-taken' : 'forbidden'));
		}
	});

	test('in a locked folder needs the token', async () => {
		const { token } = await lock(['a']);
		await expect(make('/files/a/c')).rejects.toEqual(refused('locked'));
		await make('/files/a/c', [token]);
	});
});

describe('what is removed', () => {
	test('goes into the trash, and its locks go', async () => {
		const { token } = await lock(['a', 'b.txt']);
		await expect(remove('/files/a')).rejects.toEqual(refused('locked'));
		await remove('/files/a', [token]);
		expect(await room.find('/files/a')).toBeNull();
		expect((await room.jobs.files.listTrash(1, { limit: 9 })).items).toMatchObject([{ kind: 'folder', path: '/a' }]);
		expect(await room.drive.locks.below(1, [])).toEqual([]);
		await expect(remove('/files/a')).rejects.toEqual(refused('not-found'));
	});

	test('is what was meant', async () => {
		const other = { ifMatch: ['0'.repeat(64)], ifNoneMatch: null };
		await expect(remove('/files/a/b.txt', [], other)).rejects.toEqual(refused('precondition-failed'));
		expect(await room.names('/files/a')).toEqual(['b.txt']);
	});

	test('is never what is only shown', async () => {
		await room.jobs.upload('/_inbox/Image basics/x.txt', 'x');
		await remove('/files/_inbox/Image basics/x.txt.status.txt');
		expect(await room.names('/files/_inbox/Image basics')).toEqual(['x.txt', 'x.txt.status.txt']);
		for (const path of ['/files', '/datasets', '/', '/datasets/x']) {
			await expect(remove(path)).rejects.toEqual(refused('forbidden'));
		}
		await room.jobs.processing.recipes.create(1, { name: 'New', description: '', steps: [STEP] }, SYSTEM);
		await expect(remove('/files/_inbox/New')).rejects.toEqual(refused('forbidden'));
	});
});

const STEP = { type: 'md5', parameters: {}, priority: 4, after: [] };

describe('in the own tree', () => {
	test('files and folders are moved and copied', async () => {
		expect(await transfer('copy', '/files/a', '/files/c')).toEqual({ replaced: false });
		expect(await transfer('move', '/files/a/b.txt', '/files/c/d.txt')).toEqual({ replaced: false });
		expect(await room.names('/files/c')).toEqual(['b.txt', 'd.txt']);
		expect(await room.names('/files/a')).toEqual([]);
		expect(await contentAt('/files/c/b.txt')).toBe('hello');
		const onto = transfer('move', '/files/c/d.txt', '/files/c/b.txt', { overwrite: false });
		await expect(onto).rejects.toEqual(refused('precondition-failed'));
		await expect(transfer('move', '/files/nothing', '/files/x')).rejects.toEqual(refused('not-found'));
	});

	test('only what was meant is moved or copied, from a dataset, too', async () => {
		await room.datasets.publish('letters', '/a');
		const condition = { ifMatch: ['0'.repeat(64)], ifNoneMatch: null };
		const failed = refused('precondition-failed');
		await expect(transfer('copy', '/datasets/letters/b.txt', '/files/c', { condition })).rejects.toEqual(failed);
		// Another one comes between the look and the change.
		const meant = (await room.find('/files/a/b.txt'))!.file!.sha256;
		const write = room.jobs.ledger.write.bind(room.jobs.ledger);
		for (const how of ['copy', 'move'] as const) {
			let isFirst = true;
			room.jobs.ledger.write = (async (operation: never, args: never) => {
				if (isFirst) {
					isFirst = false;
					await room.jobs.upload('/a/b.txt', how);
				}
				return write(operation, args);
			}) as typeof write;
			const only = { condition: { ifMatch: [meant], ifNoneMatch: null } };
			await expect(transfer(how, '/files/a/b.txt', '/files/c', only)).rejects.toEqual(failed);
		}
		expect(await room.names('/files')).toEqual(['a/', '_inbox/']);
	});

	test('nothing takes the place of what is only shown, and that goes nowhere', async () => {
		await room.jobs.upload('/_inbox/Image basics/x.txt', 'x');
		const status = '/files/_inbox/Image basics/x.txt.status.txt';
		for (const [from, to] of [
			['/files/a/b.txt', status],
			[status, '/files/s.txt'],
			['/files/a', '/files'],
			['/files', '/files/a/x'],
			['/files/a', '/datasets/x'],
			['/files/a', '/'],
		] as const) {
			await expect(transfer('move', from, to)).rejects.toEqual(refused('forbidden'));
		}
	});

	test('a folder that is only shown gets a row when something is to be kept with it', async () => {
		const place = placeOf('/files/_inbox/Image basics');
		expect(await room.drive.entryOf(ADA, place, [])).toMatchObject({ kind: 'folder' });
		expect((await room.find('/files/_inbox/Image basics'))?.isVirtual).toBeUndefined();
		expect(await room.drive.entryOf(ADA, placeOf('/files'), [])).toBeNull();
		expect(await room.drive.entryOf(ADA, placeOf('/files/a'), [])).toMatchObject({ kind: 'folder' });
	});
});

describe('out of a dataset', () => {
	beforeEach(async () => {
		await room.jobs.upload('/birds/robin.txt', 'robin');
		await room.jobs.upload('/birds/may/wren.txt', 'wren');
		await room.jobs.upload('/birds/may/large.bin', Buffer.alloc(200_000, 7));
		await room.datasets.publish('birds', '/birds');
	});

	test('files and folders are copied as uploads', async () => {
		expect(await transfer('copy', '/datasets/birds/robin.txt', '/files/a/r.txt')).toEqual({ replaced: false });
		expect(await contentAt('/files/a/r.txt')).toBe('robin');
		expect(await transfer('copy', '/datasets/birds', '/files/copy')).toEqual({ replaced: false });
		expect(await room.names('/files/copy')).toEqual(['may/', 'robin.txt']);
		expect(await room.names('/files/copy/may')).toEqual(['large.bin', 'wren.txt']);
		expect(await transfer('copy', '/datasets/birds/may', '/files/may', { isDeep: false })).toEqual({ replaced: false });
		expect(await room.names('/files/may')).toEqual([]);
		const audited = room.jobs.db.prepare("SELECT count(*) FROM audit_log WHERE action = 'file.upload'").pluck().get();
		expect(audited).toBe(4 + 4);
	});

	test('onto something only when that may go', async () => {
		const onto = transfer('copy', '/datasets/birds/robin.txt', '/files/a/b.txt', { overwrite: false });
		await expect(onto).rejects.toEqual(refused('precondition-failed'));
		expect(await transfer('copy', '/datasets/birds/robin.txt', '/files/a/b.txt')).toEqual({ replaced: true });
		expect((await room.find('/files/a/b.txt'))?.file?.version?.version).toBe(2);
		expect(await transfer('copy', '/datasets/birds/may', '/files/a')).toEqual({ replaced: true });
		expect(await room.names('/files/a')).toEqual(['large.bin', 'wren.txt']);
		expect((await room.jobs.files.listTrash(1, { limit: 9 })).items).toMatchObject([{ kind: 'folder', path: '/a' }]);
	});

	test('a folder only when there is room for all of it', async () => {
		const used = (await room.drive.quota(1)).usedBytes;
		room.jobs.policies.give(1, { quotas: { storedBytes: used + 200_000 } });
		await expect(transfer('copy', '/datasets/birds', '/files/a')).rejects.toEqual(refused('quota-exceeded'));
		expect(await room.names('/files/a')).toEqual(['b.txt']);
		room.jobs.policies.give(1, { quotas: { storedBytes: used + 200_009 } });
		expect(await transfer('copy', '/datasets/birds', '/files/a')).toEqual({ replaced: true });
	});

	test('onto something that stays when it may not be copied, or there is no room', async () => {
		await room.datasets.publish('ruled', '/birds', { licence: { name: 'House rules', text: 'Be kind.' } });
		const grants = { everyone: false, users: ['usr_b'], groups: [] };
		const by = { condition: ANY_VERSION, by: SYSTEM, mayShareWidely: false };
		await room.datasets.datasets.share({ readerSeq: 1, ref: 'ruled' }, grants, by);
		await room.drive.makeFolder(BOB, placeOf('/files/a'), []);
		for (const from of ['/datasets/ruled', '/datasets/ruled/may', '/datasets/ruled/robin.txt']) {
			await expect(transfer('copy', from, '/files/a', {}, BOB)).rejects.toEqual(refused('licence-not-accepted'));
		}
		expect(await room.names('/files', BOB)).toEqual(['a/', '_inbox/']);
		for (const quotas of [{ storedBytes: 1 }, { files: 1 }, { transferBytesPerMonth: 1 }]) {
			room.jobs.policies.give(1, { quotas });
			const code = 'transferBytesPerMonth' in quotas ? 'transfer-exceeded' : 'quota-exceeded';
			for (const from of ['/datasets/birds', '/datasets/birds/robin.txt']) {
				await expect(transfer('copy', from, '/files/a')).rejects.toEqual(refused(code));
			}
		}
		expect(await room.names('/files')).toEqual(['a/', 'birds/', '_inbox/']);
		expect((await room.jobs.files.listTrash(1, { limit: 9 })).items).toEqual([]);
	});

	test('nothing is moved, nor copied by whoever may not read it', async () => {
		await expect(transfer('move', '/datasets/birds/robin.txt', '/files/r')).rejects.toEqual(refused('forbidden'));
		await expect(transfer('move', '/datasets/birds', '/files/r')).rejects.toEqual(refused('forbidden'));
		await expect(transfer('copy', '/datasets', '/files/r')).rejects.toEqual(refused('forbidden'));
		expect(await room.names('/datasets/birds')).toEqual(['may/', 'robin.txt']);
		await expect(transfer('copy', '/datasets/birds', '/files/r', {}, BOB)).rejects.toEqual(refused('not-found'));
	});

	test('nothing is copied while its licence is not accepted', async () => {
		await room.datasets.publish('ruled', '/birds', { licence: { name: 'House rules', text: 'Be kind.' } });
		const grants = { everyone: false, users: ['usr_b'], groups: [] };
		const by = { condition: ANY_VERSION, by: SYSTEM, mayShareWidely: false };
		await room.datasets.datasets.share({ readerSeq: 1, ref: 'ruled' }, grants, by);
		for (const path of ['/datasets/ruled', '/datasets/ruled/robin.txt']) {
			await expect(transfer('copy', path, '/files/r', {}, BOB)).rejects.toEqual(refused('licence-not-accepted'));
		}
		expect(await room.names('/files', BOB)).toEqual(['_inbox/']);
	});

	test('a lock at the target binds it', async () => {
		const { token } = await lock(['a']);
		for (const name of ['robin.txt', 'may/large.bin']) {
			await expect(transfer('copy', `/datasets/birds/${name}`, '/files/a/r')).rejects.toEqual(refused('locked'));
		}
		await expect(transfer('copy', '/datasets/birds/may', '/files/a/m')).rejects.toEqual(refused('locked'));
		await transfer('copy', '/datasets/birds/may', '/files/a/m', { tokens: [token] });
	});
});
