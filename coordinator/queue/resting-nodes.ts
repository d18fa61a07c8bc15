import type { NodeView } from '../../shared/protocol/node.ts';
import type { Waiting } from '../../shared/protocol/waiting.ts';
import { timeInWords } from './waiting-words.ts';

/** A connected node that takes no work because of what was said of it. */
export type RestingNode = Pick<NodeView, 'name' | 'state' | 'reason' | 'until'>;

/** Those of the nodes with these names, in the same order. */
export type WhyResting = (names: readonly string[]) => RestingNode[];

/** As many as the sentence before names. */
const MOST_TOLD = 3;

const WHAT: Partial<Record<RestingNode['state'], string>> = {
	cordoned: 'is cordoned',
	draining: 'is draining',
	suspect: 'is kept from work because it lost what it was given',
};

const wordsOf = ({ name, state, reason, until }: RestingNode): string => {
	const time = until === null ? '' : ` until ${timeInWords(Date.parse(until))}`;
	const why = reason === null ? '' : ` (“${reason}”)`;
	return `Node ${name} ${WHAT[state] ?? `is ${state}`}${time}${why}.`;
};

/**
 * Where nodes that take no work are what keeps a task: also what operators say of them. The scheduler knows that they take
 * none, and not why.
 */
export const withRestingNodes = (waiting: Waiting, whyResting: WhyResting): Waiting => {
	const { standby } = waiting.facts;
	if (!Array.isArray(standby) || standby.length === 0) return waiting;
	const resting = whyResting((standby as string[]).slice(0, MOST_TOLD));
	if (resting.length === 0) return waiting;
	return {
		...waiting,
		because: [waiting.because, ...resting.map(wordsOf)].join(' '),
		facts: { ...waiting.facts, resting: resting.map(({ name: node, ...rest }) => ({ node, ...rest })) },
	};
};
