import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();

const millrace = (...argv: readonly string[]) => stage.run(['admin', 'user', ...argv]);
const answer = (route: string, status: number, body: unknown) => stage.answer(route, status, () => body);

const AT = '2026-03-01T08:00:00.000Z';
const ada = standInId('usr');
const USER = `/api/v1/admin/users/${ada}`;
const made = (purpose: string) => ({ id: ada, username: 'ada', purpose, path: '/welcome#abc', expiresAt: AT });

describe('admin user', () => {
	it('invites, and makes a link anew; what it prints first is the whole link', async () => {
		answer('POST /api/v1/admin/users:invite', 201, made('invite'));
		const invited = await millrace('invite', 'ada', '--role', 'operator', '--class', 'lab');
		expect(invited.stdout, invited.stderr).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/welcome#abc\n$/);
		expect(stage.sent.at(-1)?.[1]).toEqual({ username: 'ada', role: 'operator', serviceClass: 'lab' });
		expect((await millrace('invite', 'ada', '--role', 'king')).code).toBe(2);
		answer(`POST ${USER}:password-link`, 201, made('reset'));
		expect((await millrace('link', ada, '--json')).json).toMatchObject({
			...{ purpose: 'reset', url: expect.stringMatching(/^http.*#abc$/) },
		});
	});

	it('lists by what somebody is let in, and takes it back', async () => {
		const [session, token] = [standInId('ses'), standInId('tok')];
		const lived = { createdAt: AT, lastUsedAt: AT };
		answer(`GET ${USER}/sessions`, 200, {
			items: [{ id: session, ...lived, address: '192.0.2.7', userAgent: 'x', current: false }],
			nextCursor: null,
		});
		answer(`GET ${USER}/credentials`, 200, {
			items: [{ id: token, kind: 'token', name: 'ci', scopes: ['admin'], ...lived, lastUsedAt: null, expiresAt: null }],
			nextCursor: null,
		});
		const { stdout } = await millrace('access', ada);
		expect(stdout).toMatch(/session +192\.0\.2\.7 .*ses_/);
		expect(stdout).toMatch(/token +ci +never +tok_/);
		answer(`DELETE ${USER}/sessions/${session}`, 204, undefined);
		answer(`DELETE ${USER}/credentials/${token}`, 204, undefined);
		for (const what of [session, token]) expect((await millrace('revoke', ada, what)).stdout).toContain(what);
		answer(`POST ${USER}:shut-out`, 200, { sessions: 1, credentials: 2 });
		expect((await millrace('shut-out', ada)).stdout).toContain('1 session and 2 tokens and app passwords ended');
	});

	it('gives another role, disables and enables', async () => {
		const user = { id: ada, username: 'ada', serviceClass: null, createdAt: AT };
		answer(`PATCH ${USER}`, 200, { ...user, role: 'operator', disabled: false });
		expect((await millrace('role', ada, 'operator')).stdout).toBe('ada: operator, active.\n');
		expect((await millrace('role', ada, 'king')).code).toBe(2);
		answer(`PATCH ${USER}`, 200, { ...user, role: 'user', disabled: true });
		expect((await millrace('disable', ada)).stdout).toContain('disabled');
		expect(stage.sent.at(-1)?.[1]).toEqual({ disabled: true });
	});
});
