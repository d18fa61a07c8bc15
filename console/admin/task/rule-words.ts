import type { PlacementView } from '../../../shared/protocol/waiting.ts';
import { formatBytes } from '../../kit/format.ts';
import { catalogue } from '../../kit/words.ts';

type Constraint = PlacementView['nodes'][number]['constraints'][number];
type Value = Constraint['asked'];

/** What is asked of a node, by the rule's name. A newer coordinator may know others: they are told by their names. */
const RULES: Record<string, string> = catalogue('task-rules', {
	queue: 'Serves the queue',
	accepting: 'Takes work',
	type: 'Can do the type',
	cores: 'Cores',
	memory: 'Memory',
	sandbox: 'Sandbox',
	hardware: 'Hardware',
	labels: 'Labels',
	policy: 'Its policy',
	devices: 'Devices free',
	slot: 'Slot free',
	avoid: 'Not lost there',
});

export const ruleWords = (name: string): string => RULES[name] ?? name;

const pairWords = (value: Record<string, string | number>): string =>
	Object.entries(value)
		.map(([name, one]) => `${name}=${one}`)
		.join(', ') || 'none';

export const valueWords = (rule: string, value: Value): string => {
	if (value === null) return 'none';
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	if (Array.isArray(value)) return value.join(', ') || 'none';
	if (typeof value === 'object') return pairWords(value);
	return rule === 'memory' && typeof value === 'number' ? formatBytes(value) : String(value);
};

/** `yes`, or what is asked and what is there instead. */
export const constraintWords = ({ name, holds, asked, has }: Constraint): string => {
	if (holds) return 'yes';
	if (name === 'accepting') return 'no: cordoned, draining or away';
	if (name === 'policy') return `no: only ${valueWords(name, has)}`;
	if (name === 'avoid') return 'no: it was lost there before';
	if (name === 'slot') return 'no: all are in use';
	return `no: asks ${valueWords(name, asked)}, has ${valueWords(name, has)}`;
};

/** The rules that are asked of any node: those that most nodes break first, the others in the order in which they are asked. */
export const rulesOf = (nodes: PlacementView['nodes']): string[] => {
	const broken = new Map<string, number>();
	for (const { name, holds } of nodes.flatMap(({ constraints }) => constraints))
		broken.set(name, (broken.get(name) ?? 0) + Number(!holds));
	return [...broken].sort(([, a], [, b]) => b - a).map(([name]) => name);
};

/** The one thing that would let it start: a rule that no node keeps, or nothing of the kind. */
export const unmetBy = (nodes: PlacementView['nodes']): string[] =>
	nodes.length === 0
		? []
		: rulesOf(nodes).filter((rule) =>
				nodes.every(({ constraints }) => constraints.some(({ name, holds }) => name === rule && !holds)),
			);
