import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { fastTemp } from './fast-temp.mjs';
import { ensureInstalled, runTool } from './install.mjs';
import { filesToTryAgain } from './second-try.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const PROJECTS = ['unit', 'system', 'browser'];

const inMemory = fastTemp();
/** The browser keeps to the disk, and does not take folders that lie in memory. */
const tempOf = (project) => (inMemory === null || project === 'browser' ? {} : { TMPDIR: inMemory });
process.once('exit', () => inMemory && rmSync(inMemory, { recursive: true, force: true }));

const runVitest = async (project, folder, filters) => {
	const file = join(folder, `${project}.json`);
	const args = ['run', '--project', project, '--passWithNoTests', '--reporter=default'];
	args.push('--reporter=./tools/count-reporter.mjs', ...filters);
	rmSync(file, { force: true });
	const code = await runTool('vitest/vitest.mjs', args, {
		env: { ...process.env, ...tempOf(project), MILLRACE_COUNT_FILE: file },
	});
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

/** What failed in a whole run is tried once more by itself; what then passes is told as unstable, and counts. */
const testProject = async (project, folder, filters) => {
	const first = await runVitest(project, folder, filters);
	const again = filters.length > 0 ? [] : filesToTryAgain(first.failures);
	if (again.length === 0) return { ...first, unstable: [] };
	console.log(`\n=== ${project} tests that failed, once more: ${again.join(', ')}`);
	const second = await runVitest(project, folder, again);
	if (second.failures.length > 0) return { ...first, unstable: [] };
	return { ...first, passed: first.passed + first.failures.length, failures: [], unstable: first.failures };
};

const picked = process.argv.slice(2).filter((argument) => PROJECTS.includes(argument));
const filters = process.argv.slice(2).filter((argument) => !PROJECTS.includes(argument));

await ensureInstalled();
await ensureBuilt();
const missing = await ensureSystemPackages();

const folder = mkdtempSync(join(tmpdir(), 'millrace-counts-'));
const total = { passed: 0, failures: [], unstable: [], notRun: [] };
for (const project of picked.length > 0 ? picked : PROJECTS) {
	console.log(`\n=== ${project} tests`);
	const { passed, ...lists } = await testProject(project, folder, filters);
	total.passed += passed;
	for (const [name, list] of Object.entries(lists)) total[name].push(...list);
	if (passed + lists.failures.length + lists.notRun.length === 0 && filters.length === 0) {
		console.log(`NOT RUN: ${project}: there is no such test`);
	}
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
