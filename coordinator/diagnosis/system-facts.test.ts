import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { hasOpenssl, makeCertificate } from '../../test/support/test-certificate.ts';
import { coordinatorConfig } from '../config/coordinator-config.ts';
import type { Ledger } from '../database/ledger.ts';
import { MIGRATIONS } from '../database/migrations/all.ts';
import { certificateFacts } from './certificate-facts.ts';
import { SystemFacts } from './system-facts.ts';

let room: FileRoom;
beforeEach(async () => {
	room = await FileRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const SECRETS = ['/srv/quite-secret', 'https://secret.example', '10.9.8.7', 'pass-of-admin'];
const open = (
	disk: () => Promise<{ free: number; total: number; watermark: number }> = () => room.blobs.space.measure(),
) =>
	new SystemFacts({
		config: coordinatorConfig(
			{
				...{ data: room.folder.path, host: '192.0.2.7', publicUrl: 'https://secret.example/x', trashDays: '7' },
				...{ backupTo: '/srv/quite-secret', trustedProxies: '10.9.8.7', quietHours: '22:00-07:00' },
			},
			{ MILLRACE_ADMIN_PASSWORD: 'pass-of-admin' },
		),
		ledger: { read: async (operation, args) => operation.prepare(room.db)(args) } as Pick<Ledger, 'read'>,
		disk,
	});

it('tells every setting with its option, and of addresses, paths and secrets only whether they are set', () => {
	const items = open().settings();
	const byName = Object.fromEntries(items.map(({ name, option, value }) => [name, [option, value]]));
	expect(byName).toMatchObject({
		host: ['host', '192.0.2.7'],
		trashDays: ['trash-days', 7],
		backupTo: ['backup-to', { isSet: true }],
		publicUrl: ['public-url', { isSet: true }],
		trustedProxies: ['trusted-proxies', { entries: 1 }],
		quietHours: ['quiet-hours', { from: 1_320, to: 420 }],
		tls: ['tls-cert', { isSet: false }],
		adminPassword: [null, { isSet: true }],
	});
	expect(items.every(({ about }) => about.length > 10)).toBe(true);
	expect(SECRETS.filter((secret) => JSON.stringify(items).includes(secret))).toEqual([]);
});

it('tells what takes how much, and whose files take most', async () => {
	await room.upload('/a.bin', Buffer.alloc(3_000, 1));
	await room.upload('/b.bin', Buffer.alloc(3_000, 1));
	await room.upload('/c.bin', Buffer.alloc(500, 2), { ownerSeq: 2 });
	const told = await open().storage();
	const part = (name: string) => told.parts.find((one) => one.name === name);
	expect(part('contents')).toEqual({ name: 'contents', count: 2, bytes: 3_500, more: false });
	expect(part('ledger')?.bytes).toBeGreaterThan(0);
	expect(part('uploads')).toMatchObject({ count: 0, bytes: 0 });
	expect(told.people).toEqual({ files: 3, bytes: 6_500 });
	expect(told.most.map(({ username, files, bytes }) => [username, files, bytes])).toEqual([
		['ada', 2, 6_000],
		['bob', 1, 500],
	]);
	expect(told.disk?.total).toBeGreaterThan(0);
});

it('tells the rest when the disk cannot be looked at', async () => {
	const told = await open(async () => Promise.reject(new Error('EIO'))).storage();
	expect(told.disk).toBe(null);
	expect(told.parts).toHaveLength(6);
});

it('tells which coordinator it is', async () => {
	expect(await open().about()).toMatchObject({
		node: process.version,
		schema: MIGRATIONS.length,
		ledgerBytes: expect.any(Number),
		certificate: null,
	});
});

it.skipIf(!hasOpenssl)('tells of a certificate what people compare', () => {
	const { cert } = makeCertificate(room.folder);
	expect(certificateFacts(Buffer.from(cert))).toMatchObject({
		subject: 'CN=localhost',
		names: ['localhost', '127.0.0.1'],
		fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
	});
	expect(certificateFacts(Buffer.from('no certificate'))).toBe(null);
});
