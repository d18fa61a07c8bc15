import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';

const stage = commandLineStage();

const since = '2026-11-30T07:00:00.000Z';
const disk = { name: 'disk', state: 'ok', what: '10.0 GB are free.', do: null, since };
const certificate = { name: 'certificate', state: 'off', what: 'It speaks plain HTTP.', do: 'Give it one.', since };
const lost = { name: 'nodes-lost', state: 'warn', what: 'Not heard of: vm-2.', do: 'Start its agent.', since };
const health = (state: string, ...checks: object[]) => ({ state, at: since, version: '1.0.0', checks });

describe('doctor', () => {
	it('says what is not well and what to do; the rest when it is asked for', async () => {
		stage.answer('GET /api/v1/admin/health', 200, () => health('warn', disk, lost, certificate));
		const { stdout, code } = await stage.run(['doctor']);
		expect(code).toBe(0);
		expect(stdout).toMatch(/nodes-lost: Not heard of: vm-2\.\n.*Start its agent\./);
		expect(stdout).not.toContain('disk');
		expect(stdout).toContain('1 check is well, 1 is not set up (certificate): --all');
		expect((await stage.run(['doctor', '--all'])).stdout).toContain('10.0 GB are free');
		expect((await stage.run(['doctor', '--json'])).json).toMatchObject({ state: 'warn' });
	});

	it('fails when something fails', async () => {
		stage.answer('GET /api/v1/admin/health', 200, () => health('fail', { ...lost, state: 'fail' }));
		expect((await stage.run(['doctor'])).code).toBe(1);
	});

	it('says what to do when nothing answers', async () => {
		const url = stage.server.url;
		await stage.server[Symbol.asyncDispose]();
		const env = { MILLRACE_URL: url, MILLRACE_TOKEN: 'mrt_given' };
		const { stdout, code } = await stage.run(['doctor', '--json'], { env });
		expect(code).toBe(5);
		expect(JSON.parse(stdout)).toMatchObject({
			state: 'fail',
			checks: [{ name: 'coordinator', do: expect.stringContaining('log') }],
		});
	});
});
