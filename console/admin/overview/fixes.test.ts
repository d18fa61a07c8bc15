import { expect, test } from 'vitest';
import { CHECK_NAMES, type HealthCheck } from '../../../shared/protocol/health.ts';
import { type QueueView, queueViewSchema } from '../../../shared/protocol/queue.ts';
import { problemsOf } from './fixes.ts';

const check = (name: HealthCheck['name'], state: HealthCheck['state'], what = 'It is so.'): HealthCheck => ({
	...{ name, state, what, do: 'Do that.', since: '2026-01-01T00:00:00.000Z' },
});
const queue = (name: string, more: Partial<QueueView> = {}): QueueView => ({
	...queueViewSchema.parse({ name, bindingKeys: [`${name}.#`], paused: false, servedBy: ['vm-1'] }),
	...more,
});
const problems = (checks: HealthCheck[], queues: QueueView[] = []) => problemsOf({ checks }, queues);
const fixes = (checks: HealthCheck[], queues: QueueView[] = []) => problems(checks, queues)[0]?.fixes;

test('what is well or not set up is no problem; every problem has a way to mend it', () => {
	expect(problems(CHECK_NAMES.map((name, at) => check(name, at % 2 === 0 ? 'ok' : 'off')))).toEqual([]);
	for (const name of CHECK_NAMES) {
		const waiting = queue('fast', { queued: 3, paused: name === 'queues-paused' });
		const [problem] = problems([check(name, 'warn', 'Nothing starts: fast (for 3 min)')], [waiting]);
		expect(problem?.fixes.length, name).toBeGreaterThan(0);
	}
});

test('what fails goes before what warns', () => {
	const found = problems([check('disk', 'warn'), check('backup', 'fail'), check('mail', 'warn')]);
	expect(found.map(({ name }) => name)).toEqual(['backup', 'disk', 'mail']);
});

test('queues without a node are led to, and a node that serves the first of them', () => {
	const queues = [queue('fast'), queue('odd', { queued: 3, servedBy: [] }), queue('empty', { servedBy: [] })];
	expect(fixes([check('queues-without-node', 'fail')], queues)).toEqual([
		{ kind: 'screen', word: 'Add a node', to: '/nodes/add?queues=odd' },
		{ kind: 'screen', word: 'Why odd waits', to: '/queues/odd' },
	]);
});

test('queues that stand still are led to by their whole names', () => {
	const queues = ['fast', 'breakfast', 'slow'].map((name) => queue(name, { queued: 3 }));
	const what = 'Nothing starts though slots are free: breakfast (for 3 min, 3 in line), slow (for 4 min, 3 in line).';
	const found = fixes([check('queues-not-moving', 'warn', what)], queues) ?? [];
	expect(found.map((fix) => fix.kind === 'screen' && fix.to)).toEqual(['/queues/breakfast', '/queues/slow']);
});

test('what is set up in a tab of the settings is led to there', () => {
	const names = ['certificate', 'chores', 'mail'] as const;
	const found = names.map((name) => fixes([check(name, 'warn')])?.[0]);
	expect(found).toMatchObject(['security', 'chores', 'mail'].map((tab) => ({ to: `/settings?tab=${tab}` })));
});

test('tasks that reach no queue are led to a new one with a binding that takes them in', () => {
	const what = '3 tasks wait for a queue: none is bound to odd-one.key.x, other.';
	expect(fixes([check('tasks-without-queue', 'fail', what)])).toEqual([
		{ kind: 'screen', word: 'Make a queue for them', to: '/queues?new=odd-one.%23' },
	]);
});

test('a paused queue is a problem when the check says so, and is resumed from there', () => {
	const queues = [queue('other', { paused: true }), queue('fast', { paused: true, queued: 2 })];
	expect(problems([check('queues-paused', 'ok')], queues)).toEqual([]);
	expect(fixes([check('queues-paused', 'warn')], queues)).toEqual([
		{ kind: 'resume', word: 'Resume fast', queue: 'fast' },
		{ kind: 'screen', word: 'Why fast waits', to: '/queues/fast' },
	]);
});
