import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../shared/protocol/statement.ts';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();
const millrace = (...argv: readonly string[]) => stage.run(argv);

const sums = {
	...{ records: 3, tasks: 2, wallMs: 90_000, cpuMs: 60_000, userMs: 60_000, systemMs: 0, deviceMs: 0, gpuMs: 0 },
	...{ memoryMibMs: 7, readBytes: 1, writtenBytes: 2, bytesIn: 1_500, bytesOut: 9, storedMibS: 0, requests: 4 },
	amountMicro: 1_250_000,
};
const statement: Statement = {
	...{ month: '2026-03', from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z', zone: 'UTC' },
	...{ state: 'so-far', asOf: '2026-03-09T00:00:00.000Z', issuer: 'The mill', currency: 'EUR' },
	of: { kind: 'person', id: standInId('usr'), name: 'ada' },
	prices: [{ version: 2, from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' }],
	lines: [{ kind: 'attempt', what: 'thumbnail', class: 'night', ...sums }],
	people: [],
	corrections: [{ record: 9, at: '2026-03-02T00:00:00.000Z', owner: null, amountMicro: -20, reason: 'a broken node' }],
	...{ correctionsLeft: 0, total: sums },
};

/** Answers with the statement, or with bytes for another format. */
const answer = (path: string): URL[] => {
	const asked: URL[] = [];
	stage.server.instead.set(`GET ${path}`, (_request, response, url) => {
		asked.push(url);
		const format = url.searchParams.get('format') ?? 'json';
		if (format === 'json') stage.server.json(response, 200, statement);
		else response.writeHead(200, { 'content-type': 'x/y' }).end(`as ${format}`);
	});
	return asked;
};

describe('statement', () => {
	it('shows the lines, the total, corrections, and what it is of', async () => {
		answer('/api/v1/me/statements/2026-03');
		const { stdout, stderr, code } = await millrace('statement', '2026-03');
		expect(code).toBe(0);
		expect(stderr).toContain('The mill: ada, 2026-03');
		expect(stderr).toContain('so far, as of 2026-03-09.');
		expect(stderr).toContain('version 2 from 2026-03-01; EUR');
		expect(stdout).toMatch(/COST EUR\nthumbnail\s+night\s.* 0 B\s+0 B\s+1\.5 kB\s+9 B\s.*1\.25/);
		expect(stdout).toMatch(/total\s.*1\.25/);
		expect(stdout).toContain('-0.000020, a broken node');
	});

	it('writes JSON and CSV as they come, and PDF into a file that was not there', async () => {
		const asked = answer('/api/v1/me/statements/2026-03');
		expect(JSON.parse((await millrace('statement', '2026-03', '--json')).stdout)).toEqual(statement);
		expect((await millrace('statement', '2026-03', '--csv')).stdout).toBe('as csv');
		const file = stage.folder.join('march.pdf');
		await millrace('statement', '2026-03', '--pdf', file);
		expect(readFileSync(file, 'utf8')).toBe('as pdf');
		expect(asked).toHaveLength(3);
		expect((await millrace('statement', '2026-03', '--pdf', file)).stderr).toContain('is there already');
		expect(asked).toHaveLength(3);
	});

	it('is of this month unless told, and says what is no month', async () => {
		const month = new Date().toISOString().slice(0, 7);
		const asked = answer(`/api/v1/me/statements/${month}`);
		await millrace('statement');
		expect(asked).toHaveLength(1);
		expect((await millrace('statement', 'march')).stderr).toContain('must be a month such as 2026-03');
		expect((await millrace('statement', '2026-03', '--csv', '--json')).stderr).toContain('Choose one');
	});
});

describe('admin statement', () => {
	it('is of a person, a group or everybody', async () => {
		const asked = answer('/api/v1/admin/statements/2026-03');
		const owner = standInId('usr');
		const file = stage.folder.join('ada.pdf');
		await millrace('admin', 'statement', '2026-03', '--owner', owner, '--pdf', file);
		await millrace('admin', 'statement', '2026-03', '--group', 'grp_1', '--csv');
		await millrace('admin', 'statement', '2026-03', '--json');
		expect(asked.map(({ search }) => search)).toEqual([`?owner=${owner}&format=pdf`, '?group=grp_1&format=csv', '']);
		expect(existsSync(file)).toBe(true);
		const { stderr, code } = await millrace('admin', 'statement', '2026-03', '--group', 'grp_1', '--owner', owner);
		expect([stderr, code]).toEqual([expect.stringContaining('Either --owner or --group'), 2]);
	});
});
