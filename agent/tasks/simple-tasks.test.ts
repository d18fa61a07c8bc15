import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { NOTHING_GIVEN } from '../../test/support/nothing-given.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { builtInNames, isBuiltIn, isInstant } from './catalog.ts';
import { loadTask } from './load-task.ts';
import { md5 } from './md5.ts';
import { noop } from './noop.ts';
import type { JsonObject, TaskContext } from './task-module.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const contextOf = (changes: Partial<TaskContext> = {}) => {
	const fractions: (number | null)[] = [];
	const context: TaskContext = {
		...NOTHING_GIVEN,
		parameters: {},
		inputs: [],
		output: async () => '',
		signal: new AbortController().signal,
		progress: (fraction) => fractions.push(fraction),
		log: () => {},
		...changes,
	};
	return { context, fractions };
};

describe('the catalog', () => {
	it('has code for every built-in task type, and no other', async () => {
		expect([...builtInNames].sort()).toEqual(BUILT_IN_TASK_TYPES.map(({ name }) => name).sort());
		for (const name of builtInNames) expect(await loadTask(name)).toHaveProperty('run');
		for (const name of ['frobnicate', 'constructor', '__proto__', '']) {
			expect([isBuiltIn(name), isInstant(name, {}), loadTask(name)]).toEqual([false, false, undefined]);
		}
	});

	it('calls instant only what takes no time', () => {
		const cases: [JsonObject, boolean][] = [
			[{}, true],
			[{ echo: 'x' }, true],
			[{ sleepMs: 0, cpuMs: 0 }, true],
			[{ sleepMs: 1 }, false],
			[{ cpuMs: 1 }, false],
		];
		for (const [parameters, instant] of cases) expect(isInstant('noop', parameters)).toBe(instant);
		expect(isInstant('md5', {})).toBe(false);
	});
});

describe('noop', () => {
	it('echoes, sleeps and burns as told', async () => {
		expect(await noop.run(contextOf().context)).toEqual({});
		expect(await noop.run(contextOf({ parameters: { echo: null } }).context)).toEqual({ echo: null });
		const startedAt = performance.now();
		const before = process.cpuUsage();
		await noop.run(contextOf({ parameters: { sleepMs: 30, cpuMs: 40 } }).context);
		const { user, system } = process.cpuUsage(before);
		// Least values only: a busy machine takes longer, never shorter.
		expect(performance.now() - startedAt).toBeGreaterThan(29);
		expect(user + system).toBeGreaterThanOrEqual(40_000);
	});

	it('stops when asked, asleep or awake', async () => {
		for (const parameters of [{ sleepMs: 60_000 }, { cpuMs: 60_000 }] satisfies JsonObject[]) {
			const { context } = contextOf({ parameters, signal: AbortSignal.timeout(30) });
			await expect(noop.run(context)).rejects.toThrow();
		}
	});
});

describe('md5', () => {
	it('is that of the content, whatever its size, and tells how far it is with large ones', async () => {
		for (const size of [0, 1, 3_000_000, 20_000_000]) {
			const content = Buffer.alloc(size, 'millrace');
			const path = folder.join('content');
			writeFileSync(path, content);
			const { context, fractions } = contextOf({ inputs: [{ name: 'x', path, size, sha256: '' }] });
			expect(await md5.run(context)).toEqual({ md5: createHash('md5').update(content).digest('hex') });
			expect(fractions.length > 0).toBe(size > 16_000_000);
			if (fractions.length > 0) expect(fractions.at(-1)).toBe(1);
		}
	});

	it('needs an input', async () => {
		await expect(md5.run(contextOf().context)).rejects.toThrow('needs an input');
	});
});
