import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Report } from '../bench/report.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type SoakPlan, soak } from './soak.ts';
import { processFigures, soakFigures } from './soak-figures.ts';

const HELP = `npm run soak -- [--minutes N] [--kill-every N] [--steady N] [--rate N] [--agents N] [--json FILE]
A coordinator and agents at so many tasks a second: first minutes without kills, then with kill -9 of everything.
--minutes N     with kills, 30 unless told
--kill-every N  minutes between kills, 3 unless told
--steady N      minutes before them, a third of --minutes unless told; from 7.5 on growth of memory is judged
--rate N        tasks a second, 20 unless told
--agents N      2 unless told
--json FILE     writes the figures and every sample there

A short look: npm run soak -- --minutes 3 --kill-every 1
Exit code: 0 everything was reached, 1 something was missed or failed.
`;

const MINUTE_MS = 60_000;

const { values } = parseArgs({
	options: {
		minutes: { type: 'string', default: '30' },
		'kill-every': { type: 'string', default: '3' },
		steady: { type: 'string' },
		rate: { type: 'string', default: '20' },
		agents: { type: 'string', default: '2' },
		json: { type: 'string' },
		help: { type: 'boolean' },
	},
});

const number = (name: string, text: string, least: number, most: number): number => {
	const value = Number(text);
	if (value >= least && value <= most) return value;
	throw new Error(`--${name} ${text}: must be a number from ${least} to ${most}\n${HELP}`);
};

const main = async (): Promise<void> => {
	const minutes = number('minutes', values.minutes, 0, 10_000);
	const seed = process.env.MILLRACE_SEED === undefined ? randomInt(2 ** 32) : Number(process.env.MILLRACE_SEED);
	const plan = {
		killedMs: minutes * MINUTE_MS,
		killEveryMs: number('kill-every', values['kill-every'], 0.05, 10_000) * MINUTE_MS,
		steadyMs: number('steady', values.steady ?? String(minutes / 3), 0, 10_000) * MINUTE_MS,
		rate: number('rate', values.rate, 1, 1_000),
		agents: number('agents', values.agents, 1, 20),
		sampleMs: 2_000,
		random: new SeededRandom(seed),
	};
	const report = new Report();
	const round = (ms: number) => Number((ms / MINUTE_MS).toFixed(2));
	console.log(report.machine);
	console.log(
		`${round(plan.steadyMs)} minutes without kills, ${minutes} with a kill of everything every ${round(plan.killEveryMs)}, ` +
			`${plan.rate} tasks a second, ${plan.agents} agents; MILLRACE_SEED=${seed}`,
	);
	const startedAt = performance.now();
	const note = (what: string) => console.error(`${round(performance.now() - startedAt)} min: ${what}`);
	// Should what follows fail, this much is known.
	const onSteady: SoakPlan['onSteady'] = ({ samples, tasks, seconds }) => {
		const steady = new Report();
		steady.add('steady', processFigures(samples.all));
		note(`${tasks} tasks in ${Math.round(seconds)} s; before the first kill:\n${steady.table()}`);
	};
	const outcome = await soak({ ...plan, note, onSteady });
	report.add('soak', soakFigures(outcome, plan));
	console.log(report.table());
	for (const violation of outcome.violations) console.log(`BROKEN: ${violation}`);
	if (values.json) {
		const { machine, rows } = report;
		const { samples, violations } = outcome;
		const raw = { samples: samples.all, logSizes: samples.logSizes };
		writeFileSync(values.json, `${JSON.stringify({ machine, seed, rows, violations, ...raw })}\n`);
	}
	if (report.missed.length > 0) process.exitCode = 1;
};

if (values.help) process.stdout.write(HELP);
else await main();
