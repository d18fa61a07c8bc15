import { describe, expect, it } from 'vitest';
import { plainSettings } from '../../shared/protocol/service-class.ts';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();

const millrace = (...argv: readonly string[]) => stage.run(['admin', ...argv]);
const answer = (route: string, status: number, body: unknown) => stage.answer(route, status, () => body);

const AT = '2026-03-01T08:00:00.000Z';
const STORAGE = { usedBytes: 0, files: 0, quotaBytes: null, quotaFiles: null, nearlyFull: false };
const PATH = '/api/v1/admin/service-classes/lab';
const given = { users: 22, groups: 0, userNames: ['ada', 'bob'], groupNames: [] };
const lab = (fields: object = {}) => ({
	...plainSettings(),
	...{ name: 'lab', version: 2, createdAt: AT, updatedAt: AT, given, warnings: [] },
	...fields,
});

describe('admin class', () => {
	it('shows to whom a class is given', async () => {
		answer(`GET ${PATH}`, 200, lab());
		const { stdout } = await millrace('class', 'show', 'lab');
		expect(stdout).toContain('Given to people: ada, bob (2 of 22); to groups: none');
	});

	it('says what was changed from what to what, and what is new', async () => {
		answer(`GET ${PATH}`, 200, lab());
		answer(`PUT ${PATH}`, 200, lab({ version: 3, band: 7, caps: { ...plainSettings().caps, running: 4 } }));
		const { stdout } = await millrace('class', 'set', 'lab', '--band', '7', '--running', '4');
		expect(stdout).toBe('lab is changed, version 3.\n  band: 5 -> 7\n  caps.running: no limit -> 4\n');
		answer(`GET ${PATH}`, 404, { code: 'not-found', detail: 'There is no service class lab.', status: 404 });
		answer(`PUT ${PATH}`, 201, lab({ version: 1 }));
		expect((await millrace('class', 'set', 'lab', '--band', '7')).stdout).toBe(
			'lab is made, a new class, version 1.\n',
		);
	});

	it('says which weight can be', async () => {
		const refused = await millrace('class', 'set', 'lab', '--weight', '-3');
		expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('above 0')]);
	});

	it('makes no class of a name alone', async () => {
		answer(`GET ${PATH}`, 404, { code: 'not-found', detail: 'There is no service class lab.', status: 404 });
		const refused = await millrace('class', 'set', 'lab');
		expect([refused.code, refused.stdout]).toEqual([2, '']);
		expect(refused.stderr).toContain('There is no class lab. To make it, give at least one setting');
	});

	it('shows who changed what in its history', async () => {
		const version = (number: number, settings: object | null) => ({
			...{ version: number, settings, at: AT, actor: standInId('usr'), by: 'ada', reason: 'why' },
		});
		const items = [version(3, null), version(2, { ...plainSettings(), band: 7 }), version(1, plainSettings())];
		answer(`GET ${PATH}/versions`, 200, { items, nextCursor: null });
		const { stdout } = await millrace('class', 'history', 'lab');
		expect(stdout).toMatch(/3 .*ada +deleted/);
		expect(stdout).toMatch(/2 .*ada +band: 5 -> 7/);
		expect(stdout).toMatch(/1 .*ada +made/);
	});
});

describe('admin user list', () => {
	it('lists people with their classes', async () => {
		const user = { id: standInId('usr'), role: 'user', disabled: false, createdAt: AT, storage: STORAGE };
		const items = [
			{ ...user, username: 'ada', serviceClass: 'lab' },
			{ ...user, username: 'bob', serviceClass: null },
		];
		answer('GET /api/v1/admin/users', 200, { items, nextCursor: null });
		const { stdout } = await millrace('user', 'list');
		expect(stdout).toMatch(/ada +usr_\S+ +user +lab/);
		expect(stdout).toMatch(/bob +usr_\S+ +user +by group/);
	});
});

describe('a policy', () => {
	const values = [
		{ path: 'band', value: 7, from: 'class lab v2' },
		{ path: 'caps.cores', value: null, from: 'class lab v2' },
		{ path: 'caps.perType', value: {}, from: 'class lab v2' },
	];
	const policy = { serviceClass: 'lab', version: 2, because: 'given to group team', passedOver: [], values };

	it('has what sets no limit in one line, and each with --all', async () => {
		const id = standInId('usr');
		answer(`GET /api/v1/admin/users/${id}/policy`, 200, policy);
		const short = await millrace('policy', id);
		expect(short.stdout, short.stderr).toContain('no limit: caps.cores, caps.perType\n');
		expect(short.stdout).toMatch(/band +7 +class lab v2/);
		expect((await millrace('policy', id, '--all')).stdout).toMatch(/caps\.cores +no limit +class lab v2/);
	});

	it('is named to whoever asks who they are', async () => {
		answer('GET /api/v1/me/policy', 200, policy);
		const { stdout } = await stage.run(['whoami']);
		expect(stdout).toContain('Service class: lab, given to group team\n');
	});
});
