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

const write = (folder: string, { findings }: Played, report: string): void => {
	mkdirSync(join(folder, 'simulation'), { recursive: true });
	writeFileSync(join(folder, 'simulation.md'), report);
	for (const [name, svg] of Object.entries(findings.plots)) {
		writeFileSync(join(folder, 'simulation', `${name}.svg`), svg);
	}
};

const main = (): void => {
	const [scale, seed] = [Number(values.scale), Number(values.seed)];
	if (!(scale > 0 && scale <= 10)) throw new Error('--scale must be a number above 0, at most 10');
	if (!Number.isSafeInteger(seed)) throw new Error('--seed must be a whole number');
	const machine = `${cpus()[0]?.model ?? 'unknown processor'}, one core used, Node.js ${process.versions.node}`;
	const command = `npm run simulate -- --seed ${seed}${scale === 1 ? '' : ` --scale ${scale}`}`;
	const reportOn = (some: readonly Played[]) => simulationReport(some, { machine, command, plotFolder: 'simulation' });
	const played: Played[] = [];
	for (const scenario of chosen()) {
		console.error(`${scenario.title} …`);
		const one = { scenario, findings: scenario.play({ scale, seed }) };
		played.push(one);
		// As far as it has come: the last ones take minutes.
		if (values.out !== undefined) write(values.out, one, reportOn(played));
	}
	if (values.json) {
		const scenarios = played.map(({ scenario, findings }) => ({ name: scenario.name, figures: findings.figures }));
		process.stdout.write(`${JSON.stringify({ machine, seed, scale, scenarios }, null, '\t')}\n`);
	} else if (values.out === undefined) process.stdout.write(reportOn(played));
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
