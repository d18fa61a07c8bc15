import { describe, expect, it } from 'vitest';
import type { UsageCutItem } from '../../../shared/protocol/usage.ts';
import { addressOf, askedOf, drillOf, filterOf, foldMonths, mayShow, monthOf, movedBy, paceOf } from './usage-query.ts';

const NOW = Date.parse('2026-03-03T12:00:00Z');
const ask = (query: string) => askedOf(new URLSearchParams(query), NOW);
const MARCH = { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };

describe('what an address asks for', () => {
	it('is this month by person unless it says otherwise, and rubbish says nothing', () => {
		const plain = { ...MARCH, by: 'owner', narrowed: {} };
		expect(ask('')).toEqual(plain);
		expect(ask('from=x&to=y&by=<b>&kind=nothing&owner=')).toEqual(plain);
		expect(ask('from=2026-02-02&to=2026-02-01')).toEqual(plain);
	});

	it('reads back what it wrote', () => {
		const asked = ask('from=2026-02-01&to=2026-02-03T10:00:00Z&by=type&owner=usr_1&class=a b&kind=upload');
		expect(asked.narrowed).toEqual({ owner: 'usr_1', class: 'a b', kind: 'upload' });
		expect(ask(addressOf(asked).split('?')[1]!)).toEqual(asked);
	});

	it('asks the server for days where it shows months', () => {
		expect(filterOf(ask('by=month&owner=usr_1'))).toEqual({ ...MARCH, by: 'day', owner: 'usr_1' });
	});

	it('knows a month, a pace, and the time before', () => {
		expect([monthOf(ask('')), monthOf(ask('from=2026-03-01&to=2026-03-03'))]).toEqual(['2026-03', null]);
		expect([paceOf(ask('')), paceOf(ask('from=2026-03-01&to=2026-03-03'))]).toEqual(['day', 'hour']);
		expect(movedBy(ask(''), -1)).toMatchObject({ from: '2026-02-01T00:00:00.000Z', to: MARCH.from });
		expect(movedBy(ask('from=2026-03-01&to=2026-03-03'), 1)).toMatchObject({ from: '2026-03-03T00:00:00.000Z' });
	});
});

describe('a row leads on', () => {
	it('from person to kind of work to node to day to hour to records', () => {
		let asked = ask('');
		const views: string[] = [];
		for (const key of ['usr_1', 'noop', 'nod_1', '2026-03-02T00:00:00.000Z', '2026-03-02T05:00:00.000Z']) {
			asked = drillOf(asked, key)!;
			views.push(asked.by);
		}
		expect(views).toEqual(['type', 'node', 'day', 'hour', 'record']);
		expect(asked).toMatchObject({ from: '2026-03-02T05:00:00.000Z', to: '2026-03-02T06:00:00.000Z' });
		expect(asked.narrowed).toEqual({ owner: 'usr_1', type: 'noop', node: 'nod_1' });
		expect(drillOf(asked, 'anything')).toBeNull();
	});

	it('from a month into it, and from what is of none to nowhere', () => {
		expect(drillOf(ask('from=2026-01-01&to=2026-04-01&by=month'), '2026-02')).toMatchObject({
			...{ from: '2026-02-01T00:00:00.000Z', to: MARCH.from, by: 'owner' },
		});
		expect(drillOf(ask('by=queue'), null)).toBeNull();
		expect(drillOf(ask('by=day'), 'nod_1')).toBeNull();
	});

	it('never to the records of a group, which are not told', () => {
		expect(mayShow('record', ask('group=grp_1'))).toBe(false);
		expect(mayShow('record', ask('group=grp_1&owner=usr_1'))).toBe(true);
		expect(drillOf(ask('by=group'), 'grp_1')?.by).toBe('owner');
		expect(mayShow('hour', ask('from=2026-01-01&to=2026-03-01'))).toBe(false);
	});
});

it('months are what their days are together', () => {
	const day = (key: string, amountMicro: number): UsageCutItem => ({
		...{ key, name: null, records: 1, tasks: 1, wallMs: 2, cpuMs: 1, userMs: 1, systemMs: 0, deviceMs: 0, gpuMs: 0 },
		...{ memoryMibMs: 0, readBytes: 0, writtenBytes: 0, bytesIn: 5, bytesOut: 0, storedMibS: 0, requests: 0 },
		...{ amountMicro, nodes: { bytesIn: 3, bytesOut: 0 }, lost: { records: 0, wallMs: 1, cpuMs: 0 } },
	});
	const days = [day('2026-02-27T00:00:00Z', 5), day('2026-02-28T00:00:00Z', 7), day('2026-03-01T00:00:00Z', 1)];
	expect(
		foldMonths(days).map(({ key, amountMicro, nodes, lost }) => [key, amountMicro, nodes.bytesIn, lost.wallMs]),
	).toEqual([
		['2026-02', 12, 6, 2],
		['2026-03', 1, 3, 1],
	]);
	expect(days[0]?.amountMicro).toBe(5);
});
