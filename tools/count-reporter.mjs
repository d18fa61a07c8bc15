import { writeFileSync } from 'node:fs';

/**
 * A vitest reporter that writes what `npm test` adds up: counts, and every skipped test with its reason
 * (`ctx.skip('why')`). A file that fails to load counts as one failed test, and so does an error outside any test.
 */
export default class CountReporter {
	onTestRunEnd(modules, unhandledErrors) {
		const counts = { passed: 0, failed: unhandledErrors.length, notRun: [] };
		for (const module of modules) {
			const before = counts.failed;
			for (const test of module.children.allTests()) {
				const result = test.result();
				if (result.state === 'passed') counts.passed += 1;
				else if (result.state === 'failed') counts.failed += 1;
				else counts.notRun.push({ what: test.fullName, why: result.note ?? 'switched off in the test file' });
			}
			if (module.state() === 'failed' && counts.failed === before) counts.failed += 1;
		}
		writeFileSync(process.env.MILLRACE_COUNT_FILE, JSON.stringify(counts));
	}
}
