import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BENCHMARKS, PEERS } from './catalog.ts';
import { type Benchmark, NotMeasured } from './figure.ts';
import { summariesOf } from './profile-summary.ts';
import { profileInto } from './profiling.ts';
import { Report } from './report.ts';

const HELP = `npm run bench -- [NAME…] [--repeats N] [--scale S] [--json FILE] [--profile FOLDER]
NAME: ${[...BENCHMARKS, ...PEERS].map(({ name }) => name).join(' ')}; peers means ${PEERS.map(({ name }) => name).join(' and ')}
`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		repeats: { type: 'string', default: '3' },
		scale: { type: 'string', default: '1' },
		json: { type: 'string' },
		profile: { type: 'string' },
		help: { type: 'boolean' },
	},
});

const choose = (names: readonly string[]): readonly Benchmark[] => {
	if (names.length === 0) return BENCHMARKS;
	return names.flatMap((name) => {
		if (name === 'peers') return PEERS;
		const found = [...BENCHMARKS, ...PEERS].find((benchmark) => benchmark.name === name);
		if (!found) throw new Error(`there is no benchmark ${name}\n${HELP}`);
		return [found];
	});
};

const measure = async (report: Report, benchmark: Benchmark, repeats: number, scale: number): Promise<void> => {
	for (let repeat = 1; repeat <= repeats; repeat++) {
		console.error(`${benchmark.title} (${repeat} of ${repeats}) …`);
		try {
			report.add(benchmark.name, await benchmark.run({ scale }));
		} catch (error) {
			if (!(error instanceof NotMeasured)) throw new Error(`${benchmark.name} failed`, { cause: error });
			report.notMeasured.push({ what: benchmark.title, why: error.message });
			return;
		}
	}
};

if (values.help) {
	process.stdout.write(HELP);
} else {
	if (values.profile) profileInto(values.profile);
	const report = new Report();
	const scale = Number(values.scale);
	console.log(`${report.machine}${scale === 1 ? '' : `; scale ${scale}: a short look, not the bar's size`}`);
	let failure: unknown = null;
	for (const benchmark of choose(positionals)) {
		try {
			await measure(report, benchmark, Number(values.repeats), scale);
		} catch (error) {
			failure = error;
			console.error(error);
			report.notMeasured.push({ what: benchmark.title, why: 'it failed: see above' });
		}
	}
	console.log(report.table());
	if (values.profile) console.log(summariesOf(values.profile));
	if (values.json) {
		const { machine, rows, notMeasured } = report;
		writeFileSync(values.json, `${JSON.stringify({ machine, scale, rows, notMeasured }, null, '\t')}\n`);
	}
	if (failure) process.exitCode = 1;
}
