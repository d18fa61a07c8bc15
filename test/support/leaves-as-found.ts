import { afterAll, beforeAll, expect, vi } from 'vitest';

/** Whoever listens to these hides errors of others. To others, such as signals, libraries listen for good. */
const DECIDING = ['uncaughtException', 'unhandledRejection'];

/** Vitest's own, for each file; and what sharp sets when it is loaded. */
const NOT_OURS = /^(__vitest|VITEST|vitest|NODE_ENV$|VIPSHOME$)/;

/** What of this process the next test file would find changed, by name. */
const found = (): Map<string, unknown> =>
	new Map<string, unknown>([
		['played timers', vi.isFakeTimers()],
		['folder', process.cwd()],
		['fetch', globalThis.fetch],
		...Object.entries(process.env).map(([name, value]) => [`variable ${name}`, value] as const),
		...Object.getOwnPropertyNames(globalThis).map((name) => [`global ${name}`, true] as const),
		...DECIDING.map((name) => [`listeners to ${name}`, process.listenerCount(name)] as const),
	]);

// As a set-up file of vitest: its hooks are the first registered, so the last one runs after the file's own clean-up.
let before = new Map<string, unknown>();
beforeAll(() => {
	before = found();
});
/** Test files of a worker share its process and its modules. The names alone are told: values may be secret. */
afterAll(() => {
	const after = found();
	const names = new Set([...before.keys(), ...after.keys()]);
	const changed = [...names].filter(
		(name) => before.get(name) !== after.get(name) && !NOT_OURS.test(name.split(' ')[1] ?? ''),
	);
	expect(changed, 'what a test file changed for the next one').toEqual([]);
});
