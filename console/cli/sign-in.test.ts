import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';
import { StandInServer } from '../../test/support/stand-in-server.ts';

const stage = commandLineStage();

const millrace = (argv: readonly string[], env: NodeJS.ProcessEnv = {}, stdin?: string) =>
	stage.run(argv, { env, ...(stdin === undefined ? {} : { stdin }) });
const login = () => millrace(['login', stage.server.url, '--user', 'ada', '--password-stdin'], {}, 'right\n');
const accountFile = () => stage.folder.join('config/millrace/account.json');

describe('login', () => {
	it('keeps a token, not the password, in a file that only its owner can read', async () => {
		const ran = await login();
		expect(ran.code, ran.stderr).toBe(0);
		expect((await stat(accountFile())).mode & 0o777).toBe(0o600);
		expect((await stat(stage.folder.join('config/millrace'))).mode & 0o777).toBe(0o700);
		const text = await readFile(accountFile(), 'utf8');
		expect(text).not.toContain('right');
		expect(JSON.parse(text)).toMatchObject({
			url: stage.server.url,
			username: 'ada',
			token: expect.stringMatching(/^mrt_/),
		});
		expect(stage.server.requests).toContain('DELETE /api/v1/session');
		expect((await millrace(['whoami', '--json'])).json).toMatchObject({ username: 'ada', future: 'field' });
	});

	it('makes a token for files and tasks that ends by itself; more only when asked', async () => {
		await login();
		const { scopes, expiresAt } = stage.server.made[0] as { scopes: string[]; expiresAt: string };
		expect(scopes).toEqual(['files:read', 'files:write', 'tasks:read', 'tasks:write']);
		const days = (Date.parse(expiresAt) - Date.now()) / 86_400_000;
		expect(days).toBeGreaterThan(89.9);
		expect(days).toBeLessThanOrEqual(90);
		await millrace(['login', stage.server.url, '--user', 'ada', '--password-stdin', '--admin'], {}, 'right\n');
		expect(stage.server.made[1]).not.toHaveProperty('scopes');
		expect(stage.server.made[1]).toHaveProperty('expiresAt');
	});

	it('ends the token of the sign-in before, also at another server, and never one that was given', async () => {
		await using other = await StandInServer.start();
		const signOuts = (at: StandInServer) => at.requests.filter((one) => one === 'DELETE /api/v1/session').length;
		await login();
		expect(signOuts(stage.server)).toBe(1);
		await millrace(['login', other.url, '--token'], {}, 'mrt_given\n');
		expect(signOuts(stage.server)).toBe(2);
		await login();
		expect(signOuts(other)).toBe(0);
	});

	it('takes the password from the environment, and refuses to ask where nobody is', async () => {
		expect((await millrace(['login', stage.server.url, '--user', 'ada'], { MILLRACE_PASSWORD: 'right' })).code).toBe(0);
		const ran = await millrace(['login', stage.server.url, '--user', 'ada']);
		expect(ran.code).toBe(2);
		expect(ran.stderr).toContain('--password-stdin');
	});

	it('says when name or password is wrong, and keeps nothing', async () => {
		const ran = await millrace(['login', stage.server.url, '--user', 'ada', '--password-stdin'], {}, 'wrong\n');
		expect(ran.code).toBe(3);
		await expect(stat(accountFile())).rejects.toThrow('ENOENT');
	});

	it('checks a given token before it is kept', async () => {
		expect((await millrace(['login', stage.server.url, '--token'], {}, 'mrt_given\n')).code).toBe(0);
		const ran = await millrace(['login', stage.server.url, '--token', 'mrt_unknown']);
		expect(ran.code).toBe(3);
		expect(JSON.parse(await readFile(accountFile(), 'utf8')).token).toBe('mrt_given');
	});

	it('refuses plain HTTP to another machine before anything is sent', async () => {
		const ran = await millrace(['login', 'http://192.0.2.1:8080', '--user', 'ada', '--password-stdin'], {}, 'right\n');
		expect(ran.code).toBe(1);
		expect(ran.stderr).toContain('--insecure-http');
	});

	it('says when nothing answers', async () => {
		const { url } = stage.server;
		await stage.server[Symbol.asyncDispose]();
		const ran = await millrace(['login', url, '--token', 'mrt_given']);
		stage.server = await StandInServer.start();
		expect(ran.code).toBe(5);
		expect(ran.stderr).toContain(url);
	});
});

describe('a stored token', () => {
	it('is not used when others can read the file', async () => {
		await login();
		await chmod(accountFile(), 0o644);
		const ran = await millrace(['whoami']);
		expect(ran.code).toBe(3);
		expect(ran.stderr).toContain('chmod 600');
	});

	it('goes to no other server than the one that made it', async () => {
		await login();
		await using other = await StandInServer.start();
		const ran = await millrace(['whoami'], { MILLRACE_URL: other.url });
		expect(ran.code).toBe(3);
		expect(other.requests).toEqual([]);
	});

	it('gives way to the environment', async () => {
		await login();
		expect((await millrace(['whoami'], { MILLRACE_TOKEN: 'mrt_unknown' })).code).toBe(3);
	});

	it('is refused with a sentence when the file is damaged', async () => {
		await login();
		await writeFile(accountFile(), '{"url": 3', { mode: 0o600 });
		const ran = await millrace(['whoami']);
		expect(ran.code).toBe(3);
		expect(ran.stderr).toContain('millrace login');
	});

	it('is ended and forgotten by logout', async () => {
		await login();
		const ran = await millrace(['logout']);
		expect(ran.code, ran.stderr).toBe(0);
		expect(stage.server.requests.filter((request) => request === 'DELETE /api/v1/session')).toHaveLength(2);
		await expect(stat(accountFile())).rejects.toThrow('ENOENT');
		expect((await millrace(['whoami'])).code).toBe(3);
	});

	it('is forgotten by logout even when the server cannot be reached, and that is said', async () => {
		await login();
		await stage.server[Symbol.asyncDispose]();
		const ran = await millrace(['logout']);
		stage.server = await StandInServer.start();
		expect(ran.code).toBe(5);
		expect(ran.stderr).toContain('still good');
		await expect(stat(accountFile())).rejects.toThrow('ENOENT');
	});
});

describe('every command line', () => {
	it.each([
		[['nonsense']],
		[['ls', '--nonsense']],
		[['get']],
		[['tasks', '--state', 'x']],
		[['upload', 'a', '--parallel', '0']],
	])('%j is wrong usage', async (argv) => {
		const ran = await millrace(argv);
		expect(ran.code).toBe(2);
		expect(ran.stdout).toBe('');
		expect(ran.stderr).not.toBe('');
	});

	it('tells its exit codes in the help of the whole, and there only', async () => {
		const whole = await millrace(['--help']);
		expect(whole.stdout).toContain('6    a task that was waited for did not succeed');
		for (const command of ['ls', 'upload', 'task', 'completion']) {
			const ran = await millrace([command, '--help']);
			expect(ran.code).toBe(0);
			expect(ran.stdout).not.toContain('Exit codes');
		}
	});

	it('says under its own name what is wrong, and where to read on', async () => {
		expect((await millrace(['foo'])).stderr).toBe("millrace: unknown command 'foo'\nSee: millrace --help\n");
		expect((await millrace(['uplaod'])).stderr).toContain('Did you mean upload?');
		expect((await millrace(['ls', '--nonsense'])).stderr).toContain('See: millrace ls --help');
	});

	it('tells the versions of both ends, or why there is only one', async () => {
		const both = await millrace(['version', '--json', '--url', stage.server.url]);
		expect(both.json).toMatchObject({ server: { url: stage.server.url, version: '9.9.9', problem: null } });
		const one = await millrace(['version', '--json', '--url', 'http://127.0.0.1:1']);
		expect(one.code, 'a server was named, so its silence is a failure').toBe(5);
		expect(one.json).toMatchObject({ server: { version: null, problem: expect.stringContaining('127.0.0.1:1') } });
	});

	it('ends with 130 when interrupted', async () => {
		const ran = await stage.run(['ls'], { signal: AbortSignal.abort() });
		expect(ran.code).toBe(130);
	});
});

describe('a second factor', () => {
	it('is asked for by --code where nobody can be asked, and a wrong one keeps nothing', async () => {
		const { server } = stage;
		server.instead.set('POST /api/v1/session', async (request, response) => {
			const { code } = (await json(request)) as { code?: string };
			if (code === '123456') return server.json(response, 200, {}, { 'set-cookie': 'session=abc; HttpOnly' });
			server.refuse(response, 401, code === undefined ? 'second-factor-required' : 'second-factor-wrong');
		});
		const login = (...more: string[]) =>
			millrace(['login', stage.server.url, '--user', 'ada', '--password-stdin', ...more], {}, 'right\n');
		const without = await login();
		expect(without.code).toBe(2);
		expect(without.stderr).toContain('--code');
		expect((await login('--code', '000000')).code).toBe(3);
		await expect(stat(accountFile())).rejects.toThrow('ENOENT');
		const ran = await login('--code', '123456');
		expect(ran.code, ran.stderr).toBe(0);
	});

	it('is told, required of roles, and taken away', async () => {
		const view = { enabled: true, since: '2026-01-02T03:04:05.000Z', recoveryCodesLeft: 1, required: true };
		stage.answer('GET /api/v1/me/second-factor', 200, () => view);
		stage.answer('PUT /api/v1/admin/settings/second-factor', 200, (sent) => sent);
		const id = standInId('usr');
		const reset = `POST /api/v1/admin/users/${id}:reset-second-factor`;
		stage.answer(reset, 204, () => undefined);
		const text = async (...argv: string[]) => {
			const ran = await stage.run(argv);
			expect(ran.code, ran.stderr).toBe(0);
			return ran.stdout;
		};
		expect(await text('two-factor', 'status')).toContain('1 recovery code left');
		expect((await stage.run(['two-factor', 'status', '--json'])).json).toEqual(view);
		stage.server.instead.set('POST /api/v1/session', async (request, response) => {
			const who = (await json(request)) as object;
			stage.sent.push(['POST /api/v1/session', who]);
			stage.server.json(response, 200, {}, { 'set-cookie': 'session=abc; HttpOnly' });
		});
		stage.server.instead.set('DELETE /api/v1/me/second-factor', async (request, response) => {
			stage.sent.push(['DELETE /api/v1/me/second-factor', request.headers.cookie]);
			response.writeHead(204).end();
		});
		const off = await stage.run(['two-factor', 'off', '--password-stdin', '--code', '123456'], { stdin: 'right\n' });
		expect(off.code, off.stderr).toBe(0);
		expect((await stage.run(['two-factor', 'off'])).stderr).toContain('--password-stdin');
		expect(await text('admin', 'second-factor', 'require', 'administrator', 'operator')).toContain(
			'administrator, operator',
		);
		expect(await text('admin', 'second-factor', 'require', 'none')).toContain('No role');
		await text('admin', 'user', 'reset-second-factor', id);
		expect(stage.sent.filter(([route]) => !route.startsWith('GET'))).toEqual([
			['POST /api/v1/session', { username: 'ada', password: 'right', code: '123456' }],
			['DELETE /api/v1/me/second-factor', 'session=abc'],
			['PUT /api/v1/admin/settings/second-factor', { roles: ['administrator', 'operator'] }],
			['PUT /api/v1/admin/settings/second-factor', { roles: [] }],
			[reset, undefined],
		]);
		// Nobody can be asked for a code of what would be begun.
		expect((await stage.run(['two-factor', 'on'])).code).toBe(2);
	});
});
