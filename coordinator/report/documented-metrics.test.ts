import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metricSources } from '../../test/support/metric-sources.ts';
import { REPOSITORY } from '../../test/support/repository.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { createMetrics } from './metrics.ts';

const docs = (name: string) => join(REPOSITORY, 'docs', name);
const text = (name: string) => readFileSync(docs(name), 'utf8');
const dashboard = () =>
	JSON.parse(text('monitoring/grafana-dashboard.json')) as {
		panels: { id: number; title: string; targets: { expr: string }[] }[];
	};

const metrics = createMetrics(metricSources()).registry.getMetricsAsArray() as unknown as {
	name: string;
	type: string;
	labelNames?: string[];
}[];
const isOfEveryProcess = ({ name }: { name: string }) => /^millrace_(process|nodejs)_/.test(name);
/** What queries may name: a histogram is served as three. */
const served = new Set(
	metrics.flatMap(({ name, type }) =>
		type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
	),
);
const namedIn = (query: string) => query.match(/\bmillrace_\w+/g) ?? [];

describe('what is served at /metrics', () => {
	test('is what docs/monitoring.md lists, with its type and labels, and no more', () => {
		const rows = [...text('monitoring.md').matchAll(/^\| `(millrace_\w+)` \| (\w+) \|([^|]*)\| [^|]+ \|$/gm)];
		const listed = rows.map(([, name, type, labels]) => `${name} ${type} ${labels!.trim()}`);
		const there = metrics
			.filter((metric) => !isOfEveryProcess(metric))
			.map(({ name, type, labelNames = [] }) => `${name} ${type} ${labelNames.join(', ')}`);
		expect(listed.length).toBeGreaterThan(30);
		expect(listed.sort()).toEqual(there.sort());
	});

	test('has all that the alerts and the dashboard ask for', () => {
		const asked = [...namedIn(text('monitoring/alerts.yml').replace(/^.*description:.*$/gm, ''))];
		for (const { targets } of dashboard().panels) for (const { expr } of targets) asked.push(...namedIn(expr));
		expect(asked.length).toBeGreaterThan(30);
		expect(asked.filter((name) => !served.has(name))).toEqual([]);
	});
});

test('the dashboard has panels of their own numbers and titles, each with something to show', () => {
	const { panels } = dashboard();
	expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
	expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
	expect(panels.filter(({ targets }) => targets.length === 0)).toEqual([]);
});

const PROMTOOL = '/usr/bin/promtool';
describe.skipIf(!existsSync(PROMTOOL))('promtool (Debian: prometheus)', () => {
	let folder: TempFolder;
	beforeAll(() => {
		folder = new TempFolder();
	});
	afterAll(() => folder[Symbol.asyncDispose]());
	const promtool = (...args: string[]) => execFileSync(PROMTOOL, args, { encoding: 'utf8', stdio: 'pipe' });

	test('takes the alerts', () => {
		const said = promtool('check', 'rules', docs('monitoring/alerts.yml'));
		expect(said).toMatch(/SUCCESS: 1\d rules found/);
	});

	test('takes every query of the dashboard', () => {
		const queries = dashboard().panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
		const rules = queries.map((expr, i) => ({ record: `q:${i}`, expr: expr.replaceAll('$__rate_interval', '5m') }));
		const file = folder.join('queries.yml');
		// JSON is YAML.
		writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
		expect(promtool('check', 'rules', file)).toContain(`SUCCESS: ${queries.length} rules found`);
	});

	test('sees them fire when they should, and not before', () => {
		const firing = (alertname: string, alerts: object[], eval_time = '30m') => ({
			alertname,
			eval_time,
			exp_alerts: alerts,
		});
		const series = (name: string, values: string) => ({ series: name, values });
		const bare = (labels: object) => ({ exp_labels: { severity: 'warning', ...labels } });
		const file = folder.join('firing.yml');
		const quiet = [
			series('up{job="millrace"}', '1x60'),
			series('millrace_nodes{state="online"}', '2x60'),
			series('millrace_queue_oldest_seconds{queue="normal"}', '60x60'),
			series('millrace_queue_started_total{queue="normal"}', '0+60x60'),
			series('millrace_disk_free_bytes', '1e12x60'),
			series('millrace_history_open', '1x60'),
		];
		const NAMES = ['MillraceNoNode', 'MillraceQueueStandsStill', 'MillraceDiskNearlyFull', 'MillraceHistoryIsLost'];
		const annotated = (alertname: string, labels: object) =>
			firing(alertname, [{ ...bare(labels), exp_annotations: annotationsOf(alertname, labels) }]);
		const tests = [
			{ interval: '1m', input_series: quiet, alert_rule_test: NAMES.map((name) => firing(name, [])) },
			{
				interval: '1m',
				input_series: [
					series('up{job="millrace"}', '1x60'),
					series('millrace_queue_oldest_seconds{queue="normal"}', '1000+60x60'),
					series('millrace_queue_started_total{queue="normal"}', '9x60'),
					series('millrace_disk_free_bytes', '1e9x60'),
					series('millrace_history_open', '0x60'),
				],
				alert_rule_test: [
					annotated('MillraceNoNode', { severity: 'critical' }),
					annotated('MillraceQueueStandsStill', { queue: 'normal' }),
					annotated('MillraceDiskNearlyFull', { severity: 'critical' }),
					annotated('MillraceHistoryIsLost', {}),
				],
			},
		];
		writeFileSync(file, JSON.stringify({ rule_files: [docs('monitoring/alerts.yml')], tests }));
		expect(promtool('test', 'rules', file)).toContain('SUCCESS');
	});
});

/** An alert's words as its rule has them, with its labels filled in. */
const annotationsOf = (alertname: string, labels: object): Record<string, string> => {
	const [, rule = ''] = text('monitoring/alerts.yml').split(`- alert: ${alertname}\n`);
	const of = (name: string) =>
		(new RegExp(`^ +${name}: (.*)$`, 'm').exec(rule)?.[1] ?? '').replace(
			/\{\{ \$labels\.(\w+) \}\}/g,
			(_, label: string) => String((labels as Record<string, string>)[label]),
		);
	return { summary: of('summary'), description: of('description') };
};
