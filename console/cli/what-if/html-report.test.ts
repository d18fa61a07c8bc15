import { describe, expect, it } from 'vitest';
import type { WhatIfAnswer } from '../../../shared/protocol/what-if.ts';
import { htmlReport } from './html-report.ts';

const waits = (p50Ms: number) => ({
	tasks: 10,
	started: 10,
	p50Ms,
	p90Ms: p50Ms,
	p95Ms: p50Ms * 2,
	p99Ms: p50Ms * 3,
	meanMs: p50Ms,
	mostMs: p50Ms * 4,
});
const ofClass = (p50Ms: number, costMs: number) => ({ waits: waits(p50Ms), costMs, jain: 1, people: 1 });
const totals = {
	started: 10,
	ended: 10,
	startsPerHour: 10,
	used: 0.5,
	lost: 0,
	preempted: 0,
	removed: 0,
	neverStarted: 0,
};
const flat = (value: number) => new Array<number>(200).fill(value);

const answer: WhatIfAnswer = {
	from: '2026-03-01T00:00:00.000Z',
	to: '2026-03-01T02:00:00.000Z',
	tasks: 20,
	sentences: ['Class standard waits 40 % longer at the median: 14 s instead of 10 s.'],
	classes: [
		{ name: 'standard', before: ofClass(10_000, 3_000), after: ofClass(14_000, 3_000) },
		{ name: 'priority', before: ofClass(500, 1_000), after: ofClass(500, 1_000) },
	],
	people: {
		total: 2,
		losers: 1,
		winners: 0,
		mostLost: [
			{
				owner: 7,
				username: '<img src=x onerror=alert(1)>',
				before: { waits: waits(10_000), costMs: 1 },
				after: { waits: waits(90_000), costMs: 1 },
			},
		],
		mostWon: [],
	},
	totals: { before: totals, after: { ...totals, used: 0.7 } },
	series: {
		bucketMs: 36_000,
		used: [{ group: 'normal', before: flat(0.5), after: flat(0.7) }],
		depth: [{ serviceClass: 'standard', before: flat(3), after: flat(9) }],
	},
	fidelity: [{ serviceClass: 'standard', tasks: 10, realP50Ms: 11_000, simulatedP50Ms: 10_000 }],
	notes: ['2 tasks had not ended by the end of the period.'],
};

describe('the report of a what-if', () => {
	const html = htmlReport(answer, '+1 node with 4 slots serving normal');

	it('says each plot as a table, too', () => {
		expect(html.match(/<svg /g)).toHaveLength(4);
		expect(html).toContain(
			'<td>standard</td><td>10</td><td>10 s</td><td>14 s</td><td>20 s</td><td>28 s</td><td>75 %</td>',
		);
		expect(html).toContain('<summary>Slots in use as a table (% of the slots)</summary>');
		expect(html).toMatch(/<tr><td>\d\d:54<\/td><td>3\.0<\/td><td>9\.0<\/td><\/tr>/);
		expect(html).toContain('<td>standard</td><td>10</td><td>11 s</td><td>10 s</td>');
	});

	it('labels axes with units and draws nothing outside of the plot', () => {
		expect(html).toContain('>local time</text>');
		expect(html).toMatch(/text-anchor="middle">\d\d:45<\/text>/);
		const days = { ...answer, to: '2026-03-08T00:00:00.000Z' };
		expect(htmlReport(days, 'nothing')).toContain('>hours since the beginning</text>');
		expect(html).toContain('>% of the slots</text>');
		for (const [, points = ''] of html.matchAll(/ points="([^"]+)"/g)) {
			for (const point of points.split(' ')) {
				const [x = -1, y = -1] = point.split(',').map(Number);
				expect(x >= 0 && x <= 720 && y >= 0 && y <= 300, point).toBe(true);
			}
		}
	});

	it('begins with what was changed, and when, for people', () => {
		expect(html).toContain('<h1>What if: +1 node with 4 slots serving normal</h1>');
		expect(html).toMatch(/<p>\d{4}-\d\d-\d\d \d\d:\d\d:00 to \d{4}-\d\d-\d\d \d\d:\d\d:00 \(/);
	});

	it('keeps all names of the legend within the picture', () => {
		const name = 'a-service-class-with-a-long-name';
		const depth = ['1', '2', '3'].map((n) => ({ serviceClass: name + n, before: flat(1), after: flat(2) }));
		const page = htmlReport({ ...answer, series: { ...answer.series, depth } }, 'nothing');
		const places = [...page.matchAll(/<text x="([\d.]+)"[^>]*>a-service[^<]*(?:before|after)<\/text>/g)];
		expect(places).toHaveLength(6);
		for (const [text, x] of places) expect(Number(x) + text.replace(/<[^>]+>/g, '').length * 6.6).toBeLessThan(720);
		expect(page).toContain('viewBox="0 -32 720 332"');
	});

	it('takes nothing that somebody chose for markup, and loads nothing', () => {
		expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
		expect(html).not.toMatch(/<img|<script|<link|url\(|\shref=/);
	});

	it('stands when there is nothing to show', () => {
		const empty = { ...answer, classes: [], fidelity: [], notes: [], series: { bucketMs: 0, used: [], depth: [] } };
		expect(htmlReport(empty, 'nothing')).not.toMatch(/NaN|Infinity|undefined/);
	});
});
