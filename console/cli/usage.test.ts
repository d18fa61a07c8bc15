import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { pricesSchema } from '../../shared/protocol/price-book.ts';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();
const millrace = (...argv: readonly string[]) => stage.run(argv);

const sums = {
	...{ records: 3, tasks: 2, wallMs: 90_000, cpuMs: 60_000.5, userMs: 60_000, systemMs: 0.5, deviceMs: 0, gpuMs: 0 },
	...{ memoryMibMs: 7, readBytes: 1, writtenBytes: 2, bytesIn: 1_500, bytesOut: 9, storedMibS: 3_686_400, requests: 4 },
	amountMicro: 1_250_000,
};
const answer = (path: string, body: unknown): URL[] => {
	const asked: URL[] = [];
	stage.server.instead.set(`GET ${path}`, (_request, response, url) => {
		asked.push(url);
		stage.server.json(response, 200, body);
	});
	return asked;
};

describe('usage', () => {
	it('shows days and what they come to together, of the month that was asked for', async () => {
		const corrections = [{ record: 9, at: '2026-12-02T00:00:00Z', amountMicro: -20, reason: 'a broken node' }];
		const asked = answer('/api/v1/usage', {
			...{ currency: 'EUR', freeBefore: '2026-12-01T10:30:00.000Z', total: { ...sums, bytesIn: 4_500 }, corrections },
			items: ['thumbnail', 'upload'].map((what, at) => ({
				day: '2026-03-01',
				what,
				...sums,
				bytesIn: [1_500, 3_000][at],
			})),
		});
		const standing = {
			...{
				id: standInId('bud'),
				owner: { kind: 'person', id: standInId('usr'), name: 'ada' },
				action: 'hold',
				state: 'ok',
			},
			...{ amountMicro: 5e6, spentMicro: 1_250_000, reservedMicro: 250_000, leftMicro: 3_500_000, warnAtPercent: 80 },
		};
		const month = { month: '2026-12', monthEndsAt: '2027-01-01T00:00:00.000Z', currency: 'EUR', heldTasks: 2 };
		answer('/api/v1/me/budgets', { ...month, items: [standing] });
		const { stdout, stderr, code } = await millrace('usage', '--month', '2026-12');
		expect(stdout).toContain(
			'Budget of ada: 1.25 of 5.00 EUR spent in 2026-12, 0.25 set aside, 3.50 left; what it has no room for is held.',
		);
		expect(stdout).toContain('2 of your tasks wait for a budget');
		expect(code).toBe(0);
		expect(stdout).toMatch(
			/COST EUR\n2026-03-01\s+thumbnail\s+2\s.* 0 B\s+0 B\s+1\.5 kB\s+9 B\s+1\.000 GiB h\s+4\s+1\.25/,
		);
		expect(stdout).toMatch(/upload .*s\s+3\.0 kB\s+9 B\s+0 B\s+0 B/);
		expect(stdout).toMatch(/together .*s\s+3\.0 kB\s+0 B\s+1\.5 kB\s+9 B/);
		expect(stderr).toContain('before 2026-12-01 10:30 is free');
		expect(stdout).toMatch(/together/);
		expect(stdout).toMatch(/Correction of 2026-12-0.*: -0\.000020, a broken node/);
		expect(asked[0]?.search).toBe('?from=2026-12-01T00%3A00%3A00.000Z&to=2027-01-01T00%3A00%3A00.000Z');
	});

	it('writes CSV that a spreadsheet does not run', async () => {
		answer('/api/v1/usage', {
			total: sums,
			currency: 'EUR',
			freeBefore: null,
			corrections: [],
			items: [{ day: '2026-03-01', what: '=cmd()', ...sums }],
		});
		const { stdout } = await millrace('usage', '--csv');
		const [head, row] = stdout.split('\r\n');
		expect(head).toMatch(/^dayUtc,what,records,tasks,wallMs,cpuMs,/);
		expect(row).toBe("2026-03-01,'=cmd(),3,2,90000,60000.5,60000,0.5,0,0,7,1,2,1500,9,3686400,4,1250000,EUR");
	});

	it('says what is wrong with a time', async () => {
		expect((await millrace('usage', '--from', 'soon')).stderr).toContain('--from soon: must be a day');
		expect((await millrace('usage', '--month', '2026-13')).stderr).toContain('such as 2026-03');
	});
});

describe('admin usage', () => {
	const item = { ...sums, nodes: { bytesIn: 500, bytesOut: 0 }, lost: { records: 1, wallMs: 5_000, cpuMs: 1 } };
	const cut = {
		...{ currency: 'EUR', freeBefore: null },
		from: 'F',
		to: 'T',
		by: 'node',
		total: item,
		items: [{ ...item, key: 'nod_1', name: 'vm-1' }],
		left: 2,
	};
	const real = { ...cut, from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };

	it('tells usage apart by what was asked, and what the platform lost', async () => {
		const asked = answer('/api/v1/admin/usage', real);
		const owner = standInId('usr');
		const { stdout, stderr } = await millrace('admin', 'usage', '--by', 'node', '--owner', owner, '--type', 'noop');
		expect(stdout).toMatch(/NODE\s+TASKS.*LOST/);
		expect(stdout).toMatch(/vm-1 .* 1\.0 kB\s+9 B\s+500 B .*5\.0 s/);
		expect(stderr).toContain('From 2026-03-01 to 2026-04-01 (UTC)');
		expect(stderr).toContain('2 more rows not shown');
		expect(Object.fromEntries(asked[0]!.searchParams)).toEqual({ by: 'node', owner, type: 'noop' });
	});

	it('says that there are no groups', async () => {
		answer('/api/v1/admin/usage', { ...real, by: 'group', items: [] });
		expect((await millrace('admin', 'usage', '--by', 'group')).stderr).toContain('No groups');
	});

	it('labels days with those of their zone', async () => {
		const key = '2026-03-01T22:00:00.000Z';
		answer('/api/v1/admin/usage', { ...real, by: 'day', items: [{ ...item, key, name: null }] });
		const { stdout } = await millrace('admin', 'usage', '--by', 'day', '--zone', '+02:00');
		expect(stdout).toMatch(/^DAY \(\+02:00\) .*\n2026-03-02 /);
		expect((await millrace('admin', 'usage', '--by', 'hour')).stdout).toContain('2026-03-01 22:00 ');
		expect((await millrace('admin', 'usage', '--by', 'day', '--csv')).stdout).toContain(`,${key},`);
	});

	it('names people who were deleted by their ids', async () => {
		const [gone, nobody] = [standInId('usr'), null];
		const items = [gone, nobody].map((key) => ({ ...item, key, name: null }));
		answer('/api/v1/admin/usage', { ...real, by: 'owner', items });
		expect((await millrace('admin', 'usage')).stdout).toMatch(new RegExp(`${gone} \\(deleted\\) .*\nnone `));
		const { stdout } = await millrace('admin', 'usage', '--csv');
		expect(stdout).toContain(`,${gone},,3,`);
	});

	it('writes CSV with the time that it is about', async () => {
		answer('/api/v1/admin/usage', real);
		const { stdout } = await millrace('admin', 'usage', '--by', 'node', '--csv');
		const [head, row] = stdout.split('\r\n');
		expect(head).toMatch(
			/^from,to,node,name,records,.*,lostRecords,lostWallMs,lostCpuMs,nodeBytesIn,nodeBytesOut,currency$/,
		);
		expect(row).toMatch(/^2026-03-01T00:00:00.000Z,2026-04-01T00:00:00.000Z,nod_1,vm-1,3,.*,1,5000,1,500,0,EUR$/);
	});
});

describe('admin usage correct', () => {
	it('corrects by name and reason, says what it comes to, and has a key against being sent twice', async () => {
		const told = { record: 7, owner: standInId('usr'), name: 'ada', amountMicro: -250_000, monthMicro: 1_000_000 };
		const keys: unknown[] = [];
		stage.server.instead.set('POST /api/v1/admin/usage/corrections', async (request, response) => {
			let body = '';
			for await (const chunk of request) body += String(chunk);
			keys.push([request.headers['idempotency-key'], JSON.parse(body)]);
			stage.server.json(response, 201, told);
		});
		const correct = (...more: string[]) => millrace('admin', 'usage', 'correct', 'ada', '-0.25', ...more);
		const { stdout, stderr } = await correct('--reason', 'a broken node', '--key', 'march-3');
		expect([stderr, stdout]).toEqual(['', 'Record 7: -0.25 for ada, who is at 1.00 in this month (UTC) now.\n']);
		expect((await correct('--reason', 'again', '--json')).code).toBe(0);
		expect(keys).toEqual([
			['march-3', { owner: 'ada', amountMicro: -250_000, reason: 'a broken node' }],
			[expect.stringMatching(/^[0-9a-f]{32}$/), { owner: 'ada', amountMicro: -250_000, reason: 'again' }],
		]);
		expect((await correct()).stderr).toContain('--reason');
	});
});

describe('admin prices', () => {
	const version = {
		...{ version: 2, from: '2026-03-01T00:00:00.000Z', to: null, state: 'current', currency: 'EUR' },
		...{ prices: pricesSchema.parse({ cpuSecond: 20 }), classFactors: { priority: '1.5' }, note: '' },
		...{ createdAt: '2026-03-01T00:00:00.000Z', createdBy: 'usr_1' },
	};

	it('lists what has a price', async () => {
		answer('/api/v1/admin/price-book', { items: [version] });
		const { stdout } = await millrace('admin', 'prices', 'list');
		expect(stdout).toMatch(/2\s+current\s.*EUR\s+cpuSecond 0\.000020, priority x 1\.5/);
	});

	it('sets what a file says, and says what is wrong with it before it is sent', async () => {
		stage.answer('POST /api/v1/admin/price-book', 201, () => version);
		const file = stage.folder.join('prices.json');
		await writeFile(file, JSON.stringify({ prices: { cpuSecond: 20 }, classFactors: { priority: '1.5' } }));
		expect((await millrace('admin', 'prices', 'set', file)).stdout).toContain('Version 2 counts from');
		expect(stage.sent[0]?.[1]).toMatchObject({ currency: 'EUR', prices: { cpuSecond: 20, attempt: 0 } });
		await writeFile(file, JSON.stringify({ prices: { cpuSecond: 0.5 } }));
		const { stderr, code } = await millrace('admin', 'prices', 'set', file);
		expect(stderr).toContain('prices.cpuSecond');
		expect(code).toBe(2);
		await writeFile(file, JSON.stringify({ prices: { cpuSeconds: 1 } }));
		expect((await millrace('admin', 'prices', 'set', file)).stderr).toMatch(/cpuSeconds is nothing .* cpuSecond, /);
		await writeFile(file, '{');
		expect((await millrace('admin', 'prices', 'set', file)).stderr).toContain('is no JSON');
		expect((await millrace('admin', 'prices', 'set', `${file}.no`)).stderr).toContain('There is no file');
		expect(stage.sent).toHaveLength(1);
	});
});

describe('admin budgets', () => {
	const owner = standInId('usr');
	const budget = (more: object = {}) => ({
		...{
			id: standInId('bud'),
			owner: { kind: 'person', id: owner, name: 'ada' },
			action: 'hold',
			state: 'ok',
			heldTasks: 0,
			version: 3,
		},
		...{ amountMicro: 5e6, spentMicro: 0, reservedMicro: 0, leftMicro: 5e6, warnAtPercent: 80 },
		...{ createdAt: '2026-03-01T00:00:00.000Z', updatedAt: '2026-03-01T00:00:00.000Z', ...more },
	});

	it('makes a budget, and changes the one that is there on the condition that it is the one that was seen', async () => {
		answer('/api/v1/admin/budgets', { items: [], nextCursor: null });
		stage.answer('POST /api/v1/admin/budgets', 201, () => budget());
		const set = (amount: string) => millrace('admin', 'budgets', 'set', '--person', owner, '--amount', amount);
		expect((await set('5')).stdout).toContain('ada: 5.00 a month, 5.00 left; when it is full: hold.');
		const there = budget();
		answer('/api/v1/admin/budgets', { items: [there], nextCursor: null });
		stage.answer(`PATCH /api/v1/admin/budgets/${there.id}`, 200, () => budget({ amountMicro: 7_500_000 }));
		expect((await set('7.5')).code).toBe(0);
		expect(stage.sent).toEqual([
			['POST /api/v1/admin/budgets', { owner: { person: owner }, amountMicro: 5_000_000 }],
			[`PATCH /api/v1/admin/budgets/${there.id}`, { amountMicro: 7_500_000 }],
		]);
		expect((await millrace('admin', 'budgets', 'list')).stdout).toMatch(
			/ada\s+5\.00\s+0\.00\s+0\.00\s+5\.00\s+0\s+ok\s+hold/,
		);
	});

	it('says what is missing or wrong before anything is sent', async () => {
		expect((await millrace('admin', 'budgets', 'set', '--amount', '5')).stderr).toContain('Say for whom');
		const odd = await millrace('admin', 'budgets', 'set', '--person', owner, '--amount', '1e3');
		expect(odd.stderr).toContain('such as 250 or 12.50');
		expect(stage.sent).toEqual([]);
	});
});
