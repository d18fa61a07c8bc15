import type { PlacementView } from '../../../shared/protocol/waiting.ts';
import type { Output, Style } from '../terminal/output.ts';
import { type Cell, printTable } from '../terminal/table.ts';
import { counted } from '../terminal/words.ts';
import { rangeInWords } from './time-range.ts';

type Constraint = PlacementView['nodes'][number]['constraints'][number];

const COLUMNS = [
	{ title: 'NODE' },
	{ title: 'COULD RUN IT' },
	{ title: 'HAS ROOM' },
	{ title: 'WHAT IS MISSING THERE' },
];

const valueInWords = (value: Constraint['asked']): string => {
	if (value === null) return 'none';
	if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
	if (typeof value !== 'object') return String(value);
	const pairs = Object.entries(value).map(([name, one]) => `${name}=${one}`);
	return pairs.length === 0 ? 'none' : pairs.join(',');
};

const missing = ({ name, asked, has }: Constraint): string =>
	`${name}: asked ${valueInWords(asked)}, has ${valueInWords(has)}`;

const yes = (is: boolean): Cell => ({ text: is ? 'yes' : 'no', style: (is ? 'green' : 'red') satisfies Style });

/** Why a task has not started, for a person: the sentence, when it will, and node by node what is missing. */
export const showPlacement = (
	out: Output,
	{ waiting, obstacles, startsAt, total, able, withRoom, nodes }: PlacementView,
): void => {
	if (waiting === null) out.note('The task does not wait. What the nodes have now:');
	else {
		out.line(waiting.because);
		for (const { because } of obstacles.slice(1)) out.parts({ text: 'then        ', style: 'dim' }, because);
		out.parts({ text: 'starts      ', style: 'dim' }, rangeInWords(startsAt));
		for (const { serviceClass, people } of waiting.ahead?.classes ?? []) {
			out.parts(
				{ text: 'ahead       ', style: 'dim' },
				`${counted(people, 'person', 'people')} of class ${serviceClass}`,
			);
		}
	}
	out.line('');
	out.line(`${counted(total, 'connected node')}, ${able} could run it, ${withRoom} with room now.`);
	printTable(
		out,
		COLUMNS,
		nodes.map((node) => [
			node.name,
			yes(node.able),
			yes(node.room),
			node.constraints
				.filter(({ holds }) => !holds)
				.map(missing)
				.join('; '),
		]),
	);
	if (nodes.length < total) out.note(`The ${nodes.length} nodes nearest to a start are shown.`);
};
