import { expect, test } from 'vitest';
import { CHECK_NAMES, type CheckAbout, type HealthCheck } from '../../../shared/protocol/health.ts';
import { problemsOf } from './fixes.ts';

const check = (name: HealthCheck['name'], state: HealthCheck['state'], about?: CheckAbout): HealthCheck => ({
	...{ name, state, what: 'It is so.', do: 'Do that.', since: '2026-01-01T00:00:00.000Z' },
	...(about === undefined ? {} : { about }),
});
const problems = (...checks: HealthCheck[]) => problemsOf({ checks });
const fixes = (one: HealthCheck) => problems(one)[0]?.fixes;

test('what is well or not set up is no problem; every problem has a way to mend it', () => {
	expect(problems(...CHECK_NAMES.map((name, at) => check(name, at % 2 === 0 ? 'ok' : 'off')))).toEqual([]);
	for (const name of CHECK_NAMES) expect(fixes(check(name, 'warn'))?.length, name).toBeGreaterThan(0);
});

test('what fails goes before what warns', () => {
	const found = problems(check('disk', 'warn'), check('backup', 'fail'), check('mail', 'warn'));
	expect(found.map(({ name }) => name)).toEqual(['backup', 'disk', 'mail']);
});

test('queues without a node are led to, and a node that serves them', () => {
	expect(fixes(check('queues-without-node', 'fail', { queues: ['odd', 'far'] }))).toEqual([
		{ kind: 'screen', word: 'Add a node', to: '/nodes/add?queues=odd&queues=far' },
		{ kind: 'screen', word: 'Why odd waits', to: '/queues/odd' },
		{ kind: 'screen', word: 'Why far waits', to: '/queues/far' },
	]);
});

test('nodes that are lost are led to; where none has joined there is one to add', () => {
	const ways = (about?: CheckAbout) => fixes(check('nodes-lost', 'warn', about))?.map((fix) => 'to' in fix && fix.to);
	expect(ways({ nodes: ['vm-1'] })).toEqual(['/nodes?state=offline', '/nodes/add']);
	expect(ways()).toEqual(['/nodes/add']);
});

test('the first queues that stand still are led to', () => {
	const found = fixes(check('queues-not-moving', 'warn', { queues: ['a', 'b', 'c', 'd'] })) ?? [];
	expect(found.map((fix) => fix.kind === 'screen' && fix.to)).toEqual(['/queues/a', '/queues/b', '/queues/c']);
});

test('what is set up in a tab of the settings is led to there', () => {
	const names = ['certificate', 'chores', 'mail'] as const;
	const found = names.map((name) => fixes(check(name, 'warn'))?.[0]);
	expect(found).toMatchObject(['security', 'chores', 'mail'].map((tab) => ({ to: `/settings?tab=${tab}` })));
});

test('tasks that reach no queue are led to a new one with a binding that takes them in', () => {
	expect(fixes(check('tasks-without-queue', 'fail', { routingKeys: ['odd-one.key.x', 'other'] }))).toEqual([
		{ kind: 'screen', word: 'Make a queue for them', to: '/queues?new=odd-one.%23' },
	]);
});

test('a queue that somebody left paused is resumed from there', () => {
	expect(fixes(check('queues-paused', 'warn', { queues: ['fast'] }))).toEqual([
		{ kind: 'resume', word: 'Resume fast', queue: 'fast' },
		{ kind: 'screen', word: 'Why fast waits', to: '/queues/fast' },
	]);
});
