import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './run-command.mjs';

const seconds = (ms) => (ms / 1_000).toFixed(1).padStart(8);

const line = ({ file, wall, own, programs }) =>
	`${seconds(own + programs)}${seconds(own)}${seconds(programs)}${seconds(Math.max(0, wall - own - programs))}  ${file}`;

/**
 * What each test file has cost, dearest first: processor time in all, in the tests' own process and in the programs that
 * they started, and the time in which none of these did anything. From the lines that test/support/costs.ts writes.
 */
export const costTable = (path) => {
	if (!existsSync(path)) return 'no costs were told';
	const costs = readFileSync(path, 'utf8')
		.split('\n')
		.filter(Boolean)
		.map((text) => JSON.parse(text))
		.map((cost) => ({ ...cost, file: relative(ROOT, cost.file) }))
		.toSorted((a, b) => b.own + b.programs - a.own - a.programs);
	const sum = (of) => costs.reduce((total, cost) => total + cost[of], 0);
	const all = { file: `all ${costs.length} files`, wall: sum('wall'), own: sum('own'), programs: sum('programs') };
	return ['   cpu s     own programs  idle  file', ...[...costs, all].map(line)].join('\n');
};
