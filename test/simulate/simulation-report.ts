import type { Findings } from './scenario.ts';
import { isReached, type Scenario, type SimulatedFigure } from './scenario.ts';

export interface Played {
	scenario: Scenario;
	findings: Findings;
}

/** The report in Markdown; plots are linked from `plotFolder`. */
export const simulationReport = (
	played: readonly Played[],
	facts: { machine: string; command: string; plotFolder: string },
): string => {
	const { machine, command, plotFolder } = facts;
	const parts = [
		'# What the scheduler does, simulated',
		'',
		`Written by \`${command}\`. A heap of events drives the scheduler’s own core (\`coordinator/scheduler\`), the one that the coordinator runs; nothing here is a model of it. The same seed gives the same run; only times of computing differ from machine to machine.`,
		'',
		`Machine: ${machine}.`,
		'',
		'| scenario | what | value | bar | |',
		'|---|---|--:|--:|---|',
		...played.flatMap(({ scenario, findings }) =>
			findings.figures.filter(({ bar }) => bar).map((figure) => `| ${scenario.title} | ${row(figure)} |`),
		),
		'',
		...played.flatMap((one) => sectionOf(one, plotFolder)),
	];
	return `${parts.join('\n').trimEnd()}\n`;
};

const sectionOf = ({ scenario, findings }: Played, plotFolder: string): string[] => [
	`## ${scenario.title}`,
	'',
	scenario.about,
	'',
	'| what | value | bar | |',
	'|---|--:|--:|---|',
	...findings.figures.map((figure) => `| ${row(figure)} |`),
	'',
	...(findings.tables ?? []).flatMap((table) => [table, '']),
	...Object.keys(findings.plots).flatMap((name) => [`![${scenario.title}](${plotFolder}/${name}.svg)`, '']),
];

const row = (figure: SimulatedFigure): string => {
	const { what, unit, value, bar } = figure;
	const barText = bar ? ('least' in bar ? `≥ ${number(bar.least)}` : `≤ ${number(bar.most)}`) : '';
	const verdict = bar ? (isReached(figure) ? 'reached' : '**missed**') : '';
	return `${what} | ${number(value)}${unit && ` ${unit}`} | ${barText} | ${verdict}`;
};

const number = (value: number): string => {
	if (Number.isInteger(value) || Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
	return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
};
