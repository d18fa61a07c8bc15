import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { costTable } from './cost-table.mjs';
import { fastTemp } from './fast-temp.mjs';
import { ensureInstalled, runTool, runToolBehind } from './install.mjs';
import { filesToTryAgain } from './second-try.mjs';
import { ensureSystemPackages } from './system-packages.mjs';
import { lanesOf } from './test-lanes.mjs';

const PROJECTS = ['unit', 'system', 'browser'];
/** Tells at the end what each file has cost. */
const COSTS = '--costs';
const isCosting = process.argv.includes(COSTS);
const costFileOf = (project, folder) => join(folder, `${project}.costs`);

const inMemory = fastTemp();
/** The browser keeps to the disk, and does not take folders that lie in memory. */
const tempOf = (project) => (inMemory === null || project === 'browser' ? {} : { TMPDIR: inMemory });
process.once('exit', () => inMemory && rmSync(inMemory, { recursive: true, force: true }));

/** Behind everything else, and with its output shown when it has ended. */
const runAside = async (path, args, { folder, ...options }) => {
	const output = join(folder, 'output');
	const into = openSync(output, 'w');
	const code = await runToolBehind(path, args, { ...options, stdio: ['ignore', into, into] });
	closeSync(into);
	return { code, output: readFileSync(output, 'utf8') };
};

const runVitest = async (project, folder, filters, isAside = false) => {
	const file = join(folder, `${project}.json`);
	const args = ['run', '--project', project, '--passWithNoTests', '--reporter=default'];
	args.push('--reporter=./tools/count-reporter.mjs', ...filters);
	rmSync(file, { force: true });
	const costs = isCosting ? { MILLRACE_COST_FILE: costFileOf(project, folder) } : {};
	const env = { ...process.env, ...tempOf(project), MILLRACE_COUNT_FILE: file, ...costs };
	if (!isAside) console.log(`\n=== ${project} tests`);
	const { code, output } = isAside
		? await runAside('vitest/vitest.mjs', args, { folder, env })
		: { code: await runTool('vitest/vitest.mjs', args, { env }), output: null };
	if (isAside) console.log(`\n=== ${project} tests\n${output}`);
	try {
		const counts = JSON.parse(readFileSync(file, 'utf8'));
		// vitest may fail for a reason that no test carries: never let that pass.
		if (code !== 0 && counts.failures.length === 0) {
			counts.failures.push({ file: null, what: `vitest, for ${project}`, why: `exit code ${code}` });
		}
		return counts;
	} catch (error) {
		const failure = { file: null, what: `the ${project} tests`, why: `ended without a count: ${error.message}` };
		return { passed: 0, failures: [failure], notRun: [] };
	}
};

/** One project after the other; those that need what is built wait for it. */
const runLane = async (lane, isAside, { folder, filters, built }) => {
	const counted = [];
	for (const project of lane) {
		if (project !== 'unit') await built;
		counted.push([project, await runVitest(project, folder, filters, isAside)]);
	}
	return counted;
};

/** What failed in a whole run is tried once more by itself; what then passes is told as unstable, and counts. */
const tryAgain = async (project, first, folder, filters) => {
	const again = filters.length > 0 ? [] : filesToTryAgain(first.failures);
	if (again.length === 0) return { ...first, unstable: [] };
	console.log(`\n=== ${project} tests that failed, once more: ${again.join(', ')}`);
	const second = await runVitest(project, folder, again);
	if (second.failures.length > 0) return { ...first, unstable: [] };
	return { ...first, passed: first.passed + first.failures.length, failures: [], unstable: first.failures };
};

const given = process.argv.slice(2).filter((argument) => argument !== COSTS);
const picked = given.filter((argument) => PROJECTS.includes(argument));
const filters = given.filter((argument) => !PROJECTS.includes(argument));

const projects = picked.length > 0 ? picked : PROJECTS;

// Both wait for the network most of the time.
const [missing] = await Promise.all([ensureSystemPackages(), ensureInstalled()]);
const folder = mkdtempSync(join(tmpdir(), 'millrace-counts-'));
const built = ensureBuilt();
const { front, behind } = lanesOf(projects);
const running = [runLane(front, false, { folder, filters, built }), runLane(behind, true, { folder, filters, built })];
await built;
const counted = (await Promise.all(running)).flat();

const total = { passed: 0, failures: [], unstable: [], notRun: [] };
for (const [project, first] of counted) {
	const { passed, ...lists } = await tryAgain(project, first, folder, filters);
	total.passed += passed;
	for (const [name, list] of Object.entries(lists)) total[name].push(...list);
	if (passed + lists.failures.length + lists.notRun.length === 0 && filters.length === 0) {
		console.log(`NOT RUN: ${project}: there is no such test`);
	}
	if (isCosting) console.log(`\n=== what the ${project} tests cost\n${costTable(costFileOf(project, folder))}`);
}
rmSync(folder, { recursive: true });

const tell = (word, { file, what, why }) => console.log(`${word}: ${file ?? 'no file'}: ${what}: ${why}`);
console.log('');
for (const program of missing) console.log(`MISSING: ${program}: not installed, and not installable by us here`);
for (const { what, why } of total.notRun) console.log(`NOT RUN: ${what}: ${why}`);
for (const failure of total.unstable) tell('UNSTABLE, passed by itself', failure);
for (const failure of total.failures) tell('FAILED', failure);
const failed = total.failures.length;
if (total.passed + failed === 0) console.log('No test ran.');
const skipped = total.notRun.length > 0 ? `, ${total.notRun.length} skipped` : '';
console.log(`${total.passed} passed, ${failed} failed${skipped}`);
process.exit(failed > 0 || total.passed === 0 ? 1 : 0);
