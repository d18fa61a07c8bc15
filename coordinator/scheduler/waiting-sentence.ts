import type { Ahead } from './queue-position.ts';
import type { Lacking, Obstacle, WaitingReason } from './waiting-reason.ts';

/** One sentence for a person: the rule, who or what is ahead, what would unblock it. */
export const waitingSentence = (reason: Obstacle): string => {
	switch (reason.rule) {
		case 'no-queue':
			return `No queue takes tasks with the routing key ${reason.routingKey}; it can start once a queue has a binding key that matches it.`;
		case 'queue-paused':
			return `Queue ${reason.queue} is paused${ahead(reason.ahead)}; it goes on when an operator resumes the queue.`;
		case 'no-node-serves-queue':
			return `No node that takes work serves queue ${reason.queue}; ${unblockedBy(reason.standby, `a node that serves ${reason.queue} joins`)}.`;
		case 'no-node-meets-needs':
			return `${lackingWords(reason.lacking, reason.serving, reason.queue)}; ${unblockedBy(reason.standby, 'a node that has it joins and serves the queue')}.`;
		case 'hardware-busy': {
			const held = count(reason.holders.length, 'running task');
			return `It needs ${devices(reason.hardware)}, and on ${names(reason.nodes)} ${reason.holders.length > 0 ? `these devices are held by ${held}` : 'too few are free'}${ahead(reason.ahead, reason.queue)}${kept(reason.avoiding)}; ${idleOr(reason, 'devices', 'it starts when enough of them are free and its turn has come')}.`;
		}
		case 'slots-busy':
			return `${slotsWords(reason)}${ahead(reason.ahead, reason.queue)}${kept(reason.avoiding)}; ${idleOr(reason, 'slot', 'it starts when a slot is free and its turn has come, or sooner if another node serves the queue')}.`;
		case 'class-cap':
			return capSentence(reason);
		case 'class-rate':
			return `Service class ${reason.serviceClass} may start ${perMinute(reason.perMinute)} and has done so${ahead(reason.ahead, reason.queue)}; the next one may start in ${duration(reason.inMs)}.`;
		case 'user-cap':
			return `Its owner runs ${count(reason.running, 'task')}, as many as one person may in service class ${reason.serviceClass}${ahead(reason.ahead, reason.queue)}; it starts when one of them has ended and its turn has come.`;
		case 'next':
			return isFirst(reason.ahead)
				? `It is next in queue ${reason.queue}: ${names(reason.nodes)} ${reason.nodes.length === 1 ? 'has' : 'have'} a free slot and it is about to start.`
				: `There is a free slot on ${names(reason.nodes)}, but ${aheadWords(reason.ahead)} ahead of it in queue ${reason.queue}; ${idleOr(reason, 'slot', 'it starts as soon as they have been placed')}.`;
	}
};

/** Idle-only work has no turn: whatever else could use the room goes first. */
const idleOr = ({ idleOnly }: { idleOnly: boolean }, what: string, otherwise: string): string =>
	idleOnly ? `it is of an idle-only class and starts when no other work can use the ${what}` : otherwise;

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** Which slots it cannot have. */
const slotsWords = ({ slots, nodes, kept, yielding }: Extract<WaitingReason, { rule: 'slots-busy' }>): string => {
	const back = yielding > 0 ? ` (${yielding === 1 ? 'one is' : `${yielding} are`} being given back by idle work)` : '';
	if (kept > 0) {
		const are = kept === 1 ? 'one is free but kept' : `${kept} are free but kept`;
		return `Of the ${slots} slots of ${names(nodes)} ${are} for short tasks and the others are taken${back}`;
	}
	return slots === 1
		? `The only slot of ${names(nodes)} is taken${back}`
		: `All ${slots} slots of ${names(nodes)} are taken${back}`;
};

const capSentence = (reason: Extract<WaitingReason, { rule: 'class-cap' }>): string => {
	const { serviceClass, cap, most, used, asked } = reason;
	const amount = { running: tasks, type: tasksOfType, cores, memory: bytes }[cap];
	if (asked > most) {
		return `It asks for ${amount(asked)}, and service class ${serviceClass} may use ${amount(most)} at once; it can start when an administrator raises that.`;
	}
	const runs =
		cap === 'running' || cap === 'type'
			? `runs ${amount(used)}, as many as it may`
			: `uses ${amount(used)} of the ${amount(most)} that it may`;
	const asks = cap === 'running' || cap === 'type' ? '' : `, and this task asks for ${amount(asked)}`;
	return `Service class ${serviceClass} ${runs}${asks}${ahead(reason.ahead, reason.queue)}; it starts when enough of that has ended and its turn has come.`;
};

const tasks = (n: number): string => count(n, 'task');
const tasksOfType = (n: number): string => `${tasks(n)} of this type`;
const cores = (n: number): string => count(n, 'core');

const perMinute = (n: number): string =>
	n >= 1 ? `${Number(n.toFixed(2))} tasks a minute` : `one task in ${duration(60_000 / n)}`;

/** Rounded up, so that it is not too early. */
const duration = (ms: number): string => {
	const seconds = Math.ceil(ms / 1_000);
	if (seconds < 120) return count(seconds, 'second');
	const minutes = Math.ceil(seconds / 60);
	return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
};

const isFirst = ({ own, people }: Pick<Ahead, 'own' | 'people'>): boolean => own === 0 && people === 0;

/** People rather than their tasks: how many of these start before it is decided by what each has used by then. */
const aheadWords = ({ own, people }: Ahead): string => {
	const tasks = own === 0 ? [] : [`${count(own, 'task')} of the same owner`];
	const others = people === 0 ? [] : [people === 1 ? '1 other person' : `${people} other people`];
	const words = [...tasks, ...others].join(' and ');
	return `${words} ${own + people === 1 ? 'is' : 'are'}`;
};

/** Without the queue where the sentence has named it. */
const ahead = (line: Ahead | null, queue?: string): string => {
	if (line === null) return '';
	if (isFirst(line)) return ' and this task is the first in line';
	return ` and ${aheadWords(line)} ahead of it${queue === undefined ? '' : ` in queue ${queue}`}`;
};

const kept = (node: string | null): string => (node === null ? '' : ` (it stays off ${node}, where it was lost)`);

const names = (nodes: readonly string[]): string => {
	if (nodes.length === 1) return `node ${nodes[0]}`;
	const shown = nodes.slice(0, 3);
	const rest = nodes.length - shown.length;
	if (rest > 0) return `nodes ${shown.join(', ')} and ${rest} more`;
	return `nodes ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
};

const devices = (hardware: Record<string, number | string>): string =>
	Object.entries(hardware)
		.map(([name, n]) => `${n} x ${name}`)
		.join(' and ');

const unblockedBy = (standby: readonly string[], otherwise: string): string =>
	standby.length > 0
		? `it can start when ${names(standby)}, which could run it, takes work again, or when ${otherwise}`
		: `it can start when ${otherwise}`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const bytes = (n: number): string => {
	let value = n;
	let unit = 0;
	while (value >= 1_000 && unit < UNITS.length - 1) {
		value /= 1_000;
		unit += 1;
	}
	return `${Number(value.toFixed(1))} ${UNITS[unit]}`;
};

const lackingWords = (lacking: readonly Lacking[], serving: number, queue: string): string => {
	const wanted = lacking.map(needWords).join(' and ');
	const combination = lacking.some(({ nodes }) => nodes < serving);
	if (serving === 1) return `The only node that serves queue ${queue} lacks ${wanted}`;
	return combination
		? `None of the ${serving} nodes that serve queue ${queue} has everything at once of: ${wanted}`
		: `None of the ${serving} nodes that serve queue ${queue} has ${wanted}`;
};

const needWords = ({ need, asked, most }: Lacking): string => {
	switch (need) {
		case 'type':
			return `the task type ${asked}`;
		case 'cores':
			return `${asked} cores (the most is ${most})`;
		case 'memory':
			return `${bytes(asked as number)} of memory (the most is ${bytes(most as number)})`;
		case 'sandbox':
			return `sandbox level ${asked} (the most is ${most})`;
		case 'hardware':
			return `${devices(asked as Record<string, number>)} (the most is ${devices(most as Record<string, number>)})`;
		case 'labels':
			return `the label ${Object.entries(asked)
				.map(([name, value]) => `${name}=${value}`)
				.join(' and ')}`;
		case 'policy':
			return `an administrator’s leave to take tasks like this one (${asked})`;
	}
};
