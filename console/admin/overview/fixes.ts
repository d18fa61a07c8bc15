import type { CheckName, HealthCheck, HealthView } from '../../../shared/protocol/health.ts';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { FIXES, type Fix as Way } from '../health/fixes.ts';
import { words } from './words.ts';

/** What mends a problem: a screen where that is done, or the act itself. */
export type Fix =
	| ({ kind: 'screen' } & Way)
	| { kind: 'resume'; word: string; queue: string }
	| { kind: 'back-up'; word: string };

export interface Problem {
	name: CheckName;
	state: 'warn' | 'fail';
	what: string;
	do: string | null;
	since: string;
	fixes: readonly Fix[];
}

/** Queues that are named in one problem, each with a button of its own. */
const MOST_NAMED = 3;

/** The screen that adds a node, which is to serve this queue. */
export const addNodePath = (queue?: string): string =>
	queue === undefined ? '/nodes/add' : `/nodes/add?queues=${encodeURIComponent(queue)}`;

const screen = (word: string, to: string): Fix => ({ kind: 'screen', word, to });
const resume = ({ name }: QueueView): Fix => ({ kind: 'resume', word: words.resume(name), queue: name });
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
	'queues-paused': (_, queues) =>
		queues
			.filter(({ paused, queued }) => paused && queued > 0)
			.slice(0, MOST_NAMED)
			.flatMap((queue) => [resume(queue), whyOf(queue)]),
	backup: ({ name }) => [{ kind: 'back-up', word: words.backUp }, whereMended(name)],
};

/** What the checks find to be wrong, the worst first, each with what mends it. */
export const problemsOf = (health: Pick<HealthView, 'checks'>, queues: readonly QueueView[]): Problem[] => {
	const found = health.checks.flatMap((check): Problem[] => {
		const { name, state, what, do: todo, since } = check;
		if (state !== 'fail' && state !== 'warn') return [];
		return [{ name, state, what, do: todo, since, fixes: MORE[name]?.(check, queues) ?? [whereMended(name)] }];
	});
	return found.sort((a, b) => Number(a.state === 'warn') - Number(b.state === 'warn'));
};
