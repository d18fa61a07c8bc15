import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileRoom } from '../../../test/support/file-room.ts';
import { HASTY_PACE, waitForWindows, watchWithControl } from '../../../test/support/slow-control.ts';
import { SlowBodies } from './slow-bodies.ts';

let room: FileRoom;
let slow: SlowBodies;
let server: Server;
beforeEach(async () => {
	room = await FileRoom.open();
	slow = new SlowBodies(HASTY_PACE);
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
	slow.close();
	await room[Symbol.asyncDispose]();
});

test('an upload that we ourselves slow down to less than the least is not taken for a slow one', async () => {
	room.policies.give(1, { bandwidth: { uploadBytesPerSecond: 512 } });
	let slowOnes = 0;
	const control = watchWithControl(slow, () => {
		slowOnes += 1;
	});
	let begun = (): void => {};
	const isBegun = new Promise<void>((resolve) => {
		begun = resolve;
	});
	const ended: Promise<unknown>[] = [];
	server = createServer((asked) => {
		control.watch(asked);
		if (asked.url === '/control') return;
		begun();
		const pace = room.files.bandwidth.paceOf(1, 'upload');
		ended.push(room.blobs.stage(asked, { maxBytes: 1e9, pace }).catch((error: unknown) => error));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	for (let i = 0; i < 3; i += 1) {
		const upload = request({ port, method: 'PUT', headers: { 'content-length': 4_000_000 } });
		upload.on('error', () => {});
		upload.write(Buffer.alloc(4_000_000));
	}
	await isBegun;
	await waitForWindows(port, 10, control.found);
	expect(slowOnes).toBe(0);
	expect(room.files.bandwidth.size).toBe(1);
	// Cut off while they wait for their turn, they leave nothing.
	server.closeAllConnections();
	await expect.poll(() => ended.length).toBe(3);
	for (const error of await Promise.all(ended)) expect(error).toMatchObject({ code: 'incomplete-body' });
	expect(room.files.bandwidth.size).toBe(0);
});
