import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './catalog.ts';
import { isReached } from './scenario.ts';
import { type Played, simulationReport } from './simulation-report.ts';

const HELP = `npm run simulate -- [--scenario NAME]… [--scale S] [--seed N] [--out FOLDER] [--json]
NAME: ${SCENARIOS.map(({ name }) => name).join(' ')}; all of them unless told
--scale S     1 is the whole size (minutes of computing), 0.01 a short look
--seed N      7 unless told; the same seed gives the same run
--out FOLDER  writes simulation.md and simulation/*.svg there; without it the report is printed
--json        prints the figures as JSON

The report of the repository: npm run simulate -- --out docs
`;

const { values } = parseArgs({
	options: {
		scenario: { type: 'string', multiple: true },
		scale: { type: 'string', default: '1' },
		seed: { type: 'string', default: '7' },
		out: { type: 'string' },
		json: { type: 'boolean' },
		help: { type: 'boolean' },
	},
});

const chosen = () => {
	const names = values.scenario ?? SCENARIOS.map(({ name }) => name);
	return names.map((name) => {
		const found = SCENARIOS.find((one) => one.name === name);
		if (!found) throw new Error(`there is no scenario ${name}\n${HELP}`);
		return found;
	});
};

const main = (): void => {
	const [scale, seed] = [Number(values.scale), Number(values.seed)];
	if (!(scale > 0 && scale <= 10)) throw new Error('--scale must be a number above 0, at most 10');
	if (!Number.isSafeInteger(seed)) throw new Error('--seed must be a whole number');
	const played: Played[] = chosen().map((scenario) => {
		console.error(`${scenario.title} …`);
		return { scenario, findings: scenario.play({ scale, seed }) };
	});
	const machine = `${cpus()[0]?.model ?? 'unknown processor'}, one core used, Node.js ${process.versions.node}`;
	const command = `npm run simulate -- --seed ${seed}${scale === 1 ? '' : ` --scale ${scale}`}`;
	const report = simulationReport(played, { machine, command, plotFolder: 'simulation' });
	if (values.out !== undefined) {
		mkdirSync(join(values.out, 'simulation'), { recursive: true });
		writeFileSync(join(values.out, 'simulation.md'), report);
		for (const { findings } of played) {
			for (const [name, svg] of Object.entries(findings.plots)) {
				writeFileSync(join(values.out, 'simulation', `${name}.svg`), svg);
			}
		}
	}
	if (values.json) {
		const scenarios = played.map(({ scenario, findings }) => ({ name: scenario.name, figures: findings.figures }));
		process.stdout.write(`${JSON.stringify({ machine, seed, scale, scenarios }, null, '\t')}\n`);
	} else if (values.out === undefined) process.stdout.write(report);
	const missed = played.flatMap(({ scenario, findings }) =>
		findings.figures
			.filter((figure) => !isReached(figure))
			.map(({ what, value }) => `${scenario.name}: ${what}: ${value}`),
	);
	for (const one of missed) console.error(`MISSED: ${one}`);
	if (missed.length > 0) process.exitCode = 1;
};

if (values.help) process.stdout.write(HELP);
else main();
