import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HASTY_PACE, waitForWindows, watchWithControl } from '../../../test/support/slow-control.ts';
import { TusStage } from '../../../test/support/tus-stage.ts';
import { SlowBodies } from '../http/slow-bodies.ts';

let stage: TusStage;
beforeEach(async () => {
	stage = await TusStage.open();
});
afterEach(() => stage[Symbol.asyncDispose]());

test('an upload that the quota has no room for is refused before its bytes, and nothing is left of it', async () => {
	stage.room.policies.give(1, { quotas: { storedBytes: 1_000 } });
	expect(await stage.create(1_001, { filename: 'a' })).toMatchObject({ status: 507, code: 'quota-exceeded' });
	expect(await stage.left()).toEqual([]);
	expect((await stage.create(1_000, { filename: 'a' })).status).toBe(201);
});

test('what has begun counts as if it were there, also of many at once and after a restart, until it is over', async () => {
	stage.room.policies.give(1, { quotas: { storedBytes: 1_000 } });
	const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => stage.create(300, { filename: `f${i}` })));
	const begun = answers.filter(({ status }) => status === 201);
	expect(begun).toHaveLength(3);
	expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([null, 'quota-exceeded']));
	await stage.openDoor();
	expect(await stage.create(300, { filename: 'b' })).toMatchObject({ code: 'quota-exceeded' });
	expect((await stage.create(300, { filename: 'b' }, { 'x-user': '2' })).status).toBe(201);
	expect((await stage.patch(begun[0]!.headers.location!, 0, 'x'.repeat(300))).status).toBe(204);
	expect(await stage.create(300, { filename: 'b' })).toMatchObject({ code: 'quota-exceeded' });
	expect((await stage.call('DELETE', begun[1]!.headers.location!)).status).toBe(204);
	expect((await stage.create(300, { filename: 'b' })).status).toBe(201);
});

test('what it would transfer counts against the month, with what has begun', async () => {
	stage.room.policies.give(1, { quotas: { transferBytesPerMonth: 500 } });
	expect(await stage.create(501, { filename: 'a' })).toMatchObject({ status: 403, code: 'transfer-exceeded' });
	expect((await stage.create(300, { filename: 'a' })).status).toBe(201);
	expect(await stage.create(300, { filename: 'b' })).toMatchObject({ code: 'transfer-exceeded' });
});

test('bytes that the pace has let through stay when the sender goes, and another request need not wait', async () => {
	stage.room.policies.give(1, { bandwidth: { uploadBytesPerSecond: 20_000 } });
	const path = await stage.begin(400_000, { filename: 'a' });
	const socket = connect(stage.port, '127.0.0.1');
	socket.on('error', () => {});
	socket.write(
		`PATCH ${path} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-length: 400000\r\ncontent-type: application/offset+octet-stream\r\n\r\n`,
	);
	socket.write(Buffer.alloc(200_000));
	await expect.poll(() => stage.room.files.bandwidth.size).toBe(1);
	const offset = async () => Number((await stage.call('HEAD', path)).headers['upload-offset']);
	// Asking for the offset asks the sender to let go.
	const first = await offset();
	expect(first).toBeLessThan(100_000);
	socket.destroy();
	await expect.poll(() => stage.room.files.bandwidth.size).toBe(0);
	stage.room.policies.give(1, {});
	const there = await offset();
	expect(there).toBeGreaterThanOrEqual(first);
	expect((await stage.patch(path, there, Buffer.alloc(400_000 - there))).answer?.file.size).toBe(400_000);
});

test('an upload that we ourselves slow down to less than the least is not taken for a slow one', async () => {
	stage.room.policies.give(1, { bandwidth: { uploadBytesPerSecond: 512 } });
	const slow = new SlowBodies(HASTY_PACE);
	let slowOnes = 0;
	const control = watchWithControl(slow, () => {
		slowOnes += 1;
	});
	const path = await stage.begin(4_000_000, { filename: 'a' });
	stage.server.prependListener('request', (asked) => void control.watch(asked));
	const sending = stage.patch(path, 0, Buffer.alloc(4_000_000)).catch(() => null);
	await expect.poll(() => stage.room.files.bandwidth.size).toBe(1);
	await waitForWindows(stage.port, 10, control.found);
	expect(slowOnes).toBe(0);
	stage.server.closeAllConnections();
	await sending;
	await expect.poll(() => stage.room.files.bandwidth.size).toBe(0);
	slow.close();
});
