import type { CheckName, HealthCheck, HealthView } from '../../../shared/protocol/health.ts';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { FIXES, type Fix as Way } from '../health/fixes.ts';
import { addNodePath } from '../nodes/add-node-path.ts';
import { words } from './words.ts';

/** What mends a problem: a screen where that is done, or the act itself. */
export type Fix =
	| ({ kind: 'screen' } & Way)
	| { kind: 'resume'; word: string; queue: string }
	| { kind: 'back-up'; word: string };

export interface Problem {
	id: string;
	state: 'warn' | 'fail';
	what: string;
	do: string | null;
	since: string | null;
	fixes: readonly Fix[];
}

/** Queues that are named in one problem, each with a button of its own. */
const MOST_NAMED = 3;

const screen = (word: string, to: string): Fix => ({ kind: 'screen', word, to });
const whyOf = ({ name }: QueueView): Fix => screen(words.whyQueue(name), `/queues/${encodeURIComponent(name)}`);

/** The binding key that takes in what a check names: `… bound to odd.key, other.` */
const bindingFor = (what: string): string => {
	const key = /bound to ([\w-]+)[\w.-]*/.exec(what)?.[1];
	return key === undefined ? 'yes' : `${key}.#`;
};

/** What a check names: `… free: fast (for 3 min, 2 in line), slow (for …)`. */
const namedIn = (what: string): ReadonlySet<string> =>
	new Set([...what.matchAll(/([^\s,:]+) \(/g)].map(([, name = '']) => name));

const noNodeAtAll = ({ state, what }: HealthCheck): boolean => state === 'warn' && what.startsWith('No machine');

const whereMended = (name: CheckName): Fix => ({ kind: 'screen', ...FIXES[name] });

/** For which more can be done here than to go where the check is mended. */
const MORE: Partial<Record<CheckName, (check: HealthCheck, queues: readonly QueueView[]) => readonly Fix[]>> = {
	'nodes-lost': (check) =>
		noNodeAtAll(check)
			? [screen(words.addNode, addNodePath())]
			: [screen(words.lookAtNodes, '/nodes?state=offline'), screen(words.addNode, addNodePath())],
	'queues-without-node': (_, queues) => {
		const alone = queues.filter(({ queued, servedBy }) => queued > 0 && servedBy.length === 0);
		return [screen(words.addNode, addNodePath(alone[0]?.name)), ...alone.slice(0, MOST_NAMED).map(whyOf)];
	},
	'tasks-without-queue': ({ what }) => [screen(words.makeQueue, `/queues?new=${encodeURIComponent(bindingFor(what))}`)],
	'queues-not-moving': ({ what }, queues) => {
		const still = namedIn(what);
		return queues
			.filter(({ name, queued, paused }) => queued > 0 && !paused && still.has(name))
			.slice(0, MOST_NAMED)
			.map(whyOf);
	},
	backup: ({ name }) => [{ kind: 'back-up', word: words.backUp }, whereMended(name)],
};

const pausedProblem = ({ name, queued, since, by, reason }: QueueView): Problem => ({
	...{ id: `paused ${name}`, state: 'warn', since },
	what: words.pausedWhat(name, queued),
	do: words.pausedDo(by, reason),
	fixes: [
		{ kind: 'resume', word: words.resume(name), queue: name },
		screen(words.whyQueue(name), `/queues/${encodeURIComponent(name)}`),
	],
});

/** What is wrong, the worst first, each with what mends it: what the checks find, and queues that somebody has paused while tasks wait in them. */
export const problemsOf = (health: Pick<HealthView, 'checks'>, queues: readonly QueueView[]): Problem[] => {
	const found = health.checks.flatMap((check): Problem[] => {
		const { name, state } = check;
		if (state !== 'fail' && state !== 'warn') return [];
		const fixes = MORE[name]?.(check, queues) ?? [whereMended(name)];
		return [{ id: name, state, what: check.what, do: check.do, since: check.since, fixes }];
	});
	const paused = queues.filter((queue) => queue.paused && queue.queued > 0).map(pausedProblem);
	return [...found, ...paused].sort((a, b) => Number(a.state === 'warn') - Number(b.state === 'warn'));
};
