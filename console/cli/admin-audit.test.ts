import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();
const millrace = (...argv: readonly string[]) => stage.run(['admin', 'audit', ...argv]);

const ADA = standInId('usr');
const entry = {
	...{ seq: 7, at: '2026-11-30T07:00:00.000Z', actor: ADA, action: 'queue.pause', object: 'fast', actorName: 'ada' },
	...{
		outcome: 'refused',
		address: '192.0.2.1',
		detail: { reason: 'moving', expiresAt: 1_796_000_000_000 },
		blanked: false,
		hash: 'ab',
	},
};

describe('admin audit', () => {
	it('searches by what is asked for, over pages that may be short', async () => {
		const asked: URLSearchParams[] = [];
		stage.server.instead.set('GET /api/v1/admin/audit', (request, response) => {
			const query = new URL(request.url ?? '', 'http://x').searchParams;
			asked.push(query);
			const page = query.has('cursor') ? { items: [entry], nextCursor: null } : { items: [], nextCursor: 'next' };
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
		});
		const { stdout, code, stderr } = await millrace('--by', ADA, '--action', 'queue.*', '--refused', '--text', 'mov');
		expect(code, stderr).toBe(0);
		expect(stdout.split('\n')[1]).toMatch(
			/ada \(usr_\w+\) +queue\.pause \(refused\) +fast +192\.0\.2\.1 +\{"reason":"moving","expiresAt":"2026-11-\d\d \d\d:\d\d:\d\d"\}/,
		);
		expect(Object.fromEntries(asked[0] ?? [])).toEqual({
			...{ actor: ADA, action: 'queue.*', outcome: 'refused', text: 'mov', limit: '50' },
		});
		expect((await millrace('list', '--json', '--by', 'system')).json).toMatchObject({ items: [{ seq: 7 }] });
		expect(asked.at(-1)?.get('actor')).toBe('system');
	});

	it('names the kinds of entries there are', async () => {
		expect((await millrace('actions')).stdout).toMatch(/^queue\.pause$/m);
		expect((await millrace('actions', '--json')).json).toMatchObject({
			items: expect.arrayContaining(['usage.rebuild']),
		});
		stage.answer('GET /api/v1/admin/audit', 200, () => ({ items: [], nextCursor: null }));
		expect((await millrace('list', '--action', 'usage')).stderr).toContain('millrace admin audit actions');
	});

	it('says which entry is not what was written, and fails', async () => {
		stage.answer('POST /api/v1/admin/audit:verify', 200, () => ({ ok: false, firstBad: 12 }));
		const { code, stderr } = await millrace('verify');
		expect(code).toBe(1);
		expect(stderr).toContain('Entry 12 is not what was written.');
		stage.answer('POST /api/v1/admin/audit:verify', 200, () => ({ ok: true, rows: 3, head: 'abc', blanked: 1 }));
		expect((await millrace('verify')).stdout).toContain('abc');
	});
});
