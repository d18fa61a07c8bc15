import type { CheckAbout, CheckName, HealthView } from '../../../shared/protocol/health.ts';
import { FIXES, type Fix as Way } from '../health/fixes.ts';
import { addNodePath } from '../nodes/add-node-path.ts';
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

const screen = (word: string, to: string): Fix => ({ kind: 'screen', word, to });
const whyWaits = (queue: string): Fix => screen(words.whyQueue(queue), `/queues/${encodeURIComponent(queue)}`);
const resume = (queue: string): Fix => ({ kind: 'resume', word: words.resume(queue), queue });

/** The binding key that takes in a routing key and its like; without one whoever makes the queue says it. */
const bindingFor = (routingKey: string | undefined): string =>
	routingKey === undefined ? 'yes' : `${routingKey.split('.', 1)[0]}.#`;

const whereMended = (name: CheckName): Fix => ({ kind: 'screen', ...FIXES[name] });

/** For which more can be done here than to go where the check is mended. */
const MORE: Partial<Record<CheckName, (about: CheckAbout) => readonly Fix[]>> = {
	'nodes-lost': ({ nodes = [] }) => [
		...(nodes.length === 0 ? [] : [screen(words.lookAtNodes, '/nodes?state=offline')]),
		screen(words.addNode, addNodePath()),
	],
	'queues-without-node': ({ queues = [] }) => [
		screen(words.addNode, addNodePath(queues)),
		...queues.slice(0, MOST_NAMED).map(whyWaits),
	],
	'tasks-without-queue': ({ routingKeys = [] }) => [
		screen(words.makeQueue, `/queues?new=${encodeURIComponent(bindingFor(routingKeys[0]))}`),
	],
	'queues-not-moving': ({ queues = [] }) => queues.slice(0, MOST_NAMED).map(whyWaits),
	'queues-paused': ({ queues = [] }) =>
		queues.slice(0, MOST_NAMED).flatMap((queue) => [resume(queue), whyWaits(queue)]),
	backup: () => [{ kind: 'back-up', word: words.backUp }, whereMended('backup')],
};

const fixesFor = (name: CheckName, about: CheckAbout): readonly Fix[] => {
	const more = MORE[name]?.(about) ?? [];
	return more.length > 0 ? more : [whereMended(name)];
};

/** What the checks find to be wrong, the worst first, each with what mends it. */
export const problemsOf = ({ checks }: Pick<HealthView, 'checks'>): Problem[] => {
	const found = checks.flatMap(({ name, state, what, do: todo, since, about = {} }): Problem[] => {
		if (state !== 'fail' && state !== 'warn') return [];
		return [{ name, state, what, do: todo, since, fixes: fixesFor(name, about) }];
	});
	return found.sort((a, b) => Number(a.state === 'warn') - Number(b.state === 'warn'));
};
