import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, runTool } from './install.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const PROJECTS = ['unit', 'system', 'browser'];

const testProject = async (project, folder, filters) => {
	const file = join(folder, `${project}.json`);
	const args = ['run', '--project', project, '--passWithNoTests', '--reporter=default'];
	args.push('--reporter=./tools/count-reporter.mjs', ...filters);
	const code = await runTool('vitest/vitest.mjs', args, { env: { ...process.env, MILLRACE_COUNT_FILE: file } });
	try {
		const counts = JSON.parse(readFileSync(file, 'utf8'));
		// vitest may fail for a reason that no test carries: never let that pass.
		if (code !== 0 && counts.failed === 0) counts.failed = 1;
		return counts;
	} catch (error) {
		console.error(`The ${project} tests ended without a count: ${error.message}`);
		return { passed: 0, failed: 1, notRun: [] };
	}
};

const picked = process.argv.slice(2).filter((argument) => PROJECTS.includes(argument));
const filters = process.argv.slice(2).filter((argument) => !PROJECTS.includes(argument));

await ensureInstalled();
await ensureBuilt();
const missing = await ensureSystemPackages();

const folder = mkdtempSync(join(tmpdir(), 'millrace-counts-'));
const total = { passed: 0, failed: 0, notRun: [] };
for (const project of picked.length > 0 ? picked : PROJECTS) {
	console.log(`\n=== ${project} tests`);
	const { passed, failed, notRun } = await testProject(project, folder, filters);
	total.passed += passed;
	total.failed += failed;
	total.notRun.push(...notRun);
	if (passed + failed + notRun.length === 0 && filters.length === 0) {
		console.log(`NOT RUN: ${project}: there is no such test`);
	}
}
rmSync(folder, { recursive: true });

console.log('');
for (const program of missing) console.log(`MISSING: ${program}: not installed, and not installable by us here`);
for (const { what, why } of total.notRun) console.log(`NOT RUN: ${what}: ${why}`);
if (total.passed + total.failed === 0) console.log('No test ran.');
const skipped = total.notRun.length > 0 ? `, ${total.notRun.length} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
