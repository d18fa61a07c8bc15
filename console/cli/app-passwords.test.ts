import { expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();
const PATH = '/api/v1/app-passwords';
const PASSWORD = '0abcd-efghj-kmnpq-rstvw-xyz01';

const view = (name: string, more: object = {}) => ({
	id: standInId('app'),
	name,
	access: 'read-write',
	createdAt: '2026-03-01T08:00:00.000Z',
	lastUsedAt: null,
	expiresAt: null,
	...more,
});
const there = (...items: object[]) =>
	stage.answer(`GET ${PATH}`, 200, () => ({ items, nextCursor: null, driveUrl: null }));
const millrace = (...argv: string[]) => stage.run(['app-passwords', ...argv]);

it('lists names, access and uses', async () => {
	const [laptop, tv] = [view('laptop'), view('tv', { access: 'read-only', lastUsedAt: '2026-03-02T08:00:00.000Z' })];
	there(laptop, tv);
	const { stdout } = await millrace('list');
	expect(stdout).toMatch(/laptop +app_\d+ +read-write +2026-\S+ \S+ +never +when revoked/);
	expect(stdout).toMatch(/tv +app_\d+ +read-only +2026-\S+ \S+ +2026-/);
	const url = `${stage.server.url}/dav/files/`;
	expect((await millrace('list', '--json')).json).toEqual({ items: [laptop, tv], url });
	there();
	expect((await millrace('list')).stderr).toContain('millrace app-passwords create NAME');
});

it('makes one, whose text alone goes to standard output', async () => {
	const id = standInId('app');
	stage.answer(`POST ${PATH}`, 201, () => ({ id, password: PASSWORD, driveUrl: null }));
	const made = await millrace('create', 'laptop');
	expect(made).toMatchObject({ code: 0, stdout: `${PASSWORD}\n` });
	expect(made.stderr).toContain(`${stage.server.url}/dav/files/ as ada`);
	expect(made.stderr).not.toContain('not encrypted');
	const url = `${stage.server.url}/dav/files/`;
	expect((await millrace('create', 'tv', '--read-only', '--json')).json).toEqual({
		...{ id, password: PASSWORD, name: 'tv', access: 'read-only' },
		...{ username: 'ada', url, expiresAt: null },
	});
	expect(stage.sent).toEqual([
		[`POST ${PATH}`, { name: 'laptop', access: 'read-write' }],
		[`POST ${PATH}`, { name: 'tv', access: 'read-only' }],
	]);
});

it('makes one as the person where a password can be had, and else says that it ends with the token', async () => {
	const made = (more: object = {}) => ({ id: standInId('app'), password: PASSWORD, driveUrl: null, ...more });
	const expiresAt = '2026-03-31T08:00:00.000Z';
	stage.answer(`POST ${PATH}`, 201, () => made({ expiresAt }));
	const byToken = await millrace('create', 'laptop');
	expect(byToken.stderr).toMatch(/made by a token and ends with it, 2026-03-31 \S+ at the latest/);
	expect((await millrace('create', 'laptop', '--json')).json).toMatchObject({ expiresAt });
	const cookies: unknown[] = [];
	stage.server.instead.set('POST /api/v1/session', (_, response) => {
		response.setHeader('set-cookie', 'millrace=person; Path=/');
		stage.server.json(response, 200, {});
	});
	stage.server.instead.set(`POST ${PATH}`, (request, response) => {
		cookies.push(request.headers.cookie);
		stage.server.json(response, 201, made());
	});
	const byPerson = await stage.run(['app-passwords', 'create', 'laptop', '--password-stdin'], {
		stdin: 'the password\n',
	});
	expect(byPerson).toMatchObject({ code: 0, stdout: `${PASSWORD}\n` });
	expect(byPerson.stderr).not.toContain('token');
	expect(cookies).toEqual(['millrace=person']);
});

it('names the address that the coordinator is known by, whatever was signed in to', async () => {
	const driveUrl = 'https://mill.example/dav/files/';
	stage.answer(`POST ${PATH}`, 201, () => ({ id: standInId('app'), password: PASSWORD, driveUrl }));
	stage.answer(`GET ${PATH}`, 200, () => ({ items: [], nextCursor: null, driveUrl }));
	expect((await millrace('create', 'laptop')).stderr).toContain(`Open ${driveUrl} as ada`);
	expect((await millrace('create', 'laptop', '--json')).json).toMatchObject({ url: driveUrl });
	expect((await millrace('list')).stderr).toContain(driveUrl);
});

it('says what a token lacks, and makes nothing when it cannot tell for whom', async () => {
	const asked: string[] = [];
	const refuse = (route: string, code: string) =>
		stage.server.instead.set(route, (_, response) => {
			asked.push(route);
			stage.server.refuse(response, 403, code, 'The token needs the scope admin.');
		});
	refuse(`POST ${PATH}`, 'insufficient-scope');
	const { code, stdout, stderr } = await millrace('create', 'laptop');
	expect([code, stdout]).toEqual([1, '']);
	expect(stderr).toContain('millrace login --admin');
	refuse('GET /api/v1/me', 'forbidden');
	expect((await millrace('create', 'laptop')).code).toBe(1);
	expect(asked).toEqual([`POST ${PATH}`, 'GET /api/v1/me']);
});

it('revokes one when it is sure which', async () => {
	const [laptop, one, two] = [view('laptop'), view('Linux'), view('linux')];
	there(laptop, one, two);
	for (const { id } of [laptop, two]) stage.answer(`DELETE ${PATH}/${id}`, 204, () => null);
	const deleted = () => stage.sent.map(([route]) => route).filter((route) => route.startsWith('DELETE'));
	expect((await millrace('revoke', 'laptop')).code).toBe(2);
	expect(deleted()).toEqual([]);
	expect((await millrace('revoke', 'LAPTOP', '--yes')).stdout).toBe('laptop is revoked.\n');
	expect((await millrace('revoke', 'linux', '--yes', '--json')).json).toEqual({ id: two.id, revoked: true });
	expect(deleted()).toEqual([`DELETE ${PATH}/${laptop.id}`, `DELETE ${PATH}/${two.id}`]);
	expect(await millrace('revoke', 'other', '--yes')).toMatchObject({ code: 4 });
});
