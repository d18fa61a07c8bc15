import { writeFileSync } from 'node:fs';

const firstLine = (errors) => (errors?.[0]?.message ?? 'no message').split('\n', 1)[0].slice(0, 300);

/**
 * A vitest reporter that writes what `npm test` adds up: counts, every failure with its file and the first line of its
 * message, and every skipped test with its reason (`ctx.skip('why')`). A file that fails to load counts as one failed
 * test, and so does an error outside any test (file null).
 */
export default class CountReporter {
	onTestRunEnd(modules, unhandledErrors) {
		const counts = { passed: 0, failures: [], notRun: [] };
		for (const error of unhandledErrors) {
			counts.failures.push({ file: null, what: 'an error outside any test', why: firstLine([error]) });
		}
		for (const module of modules) {
			const file = module.relativeModuleId;
			const before = counts.failures.length;
			for (const test of module.children.allTests()) {
				const { state, note, errors } = test.result();
				if (state === 'passed') counts.passed += 1;
				else if (state === 'failed') counts.failures.push({ file, what: test.fullName, why: firstLine(errors) });
				else counts.notRun.push({ what: test.fullName, why: note ?? 'switched off in the test file' });
			}
			if (module.state() === 'failed' && counts.failures.length === before) {
				counts.failures.push({ file, what: 'the file itself', why: firstLine(module.errors()) });
			}
		}
		writeFileSync(process.env.MILLRACE_COUNT_FILE, JSON.stringify(counts));
	}
}
