import type { NodeView } from '../../../shared/protocol/node.ts';
import { type Manifest, SANDBOX_LEVELS } from '../../../shared/protocol/task-type.ts';
import { formatBytes, formatCount } from '../../kit/format.ts';
import { words } from './words.ts';

type Asked = Pick<Manifest, 'name' | 'needs'>;

/** Why a node cannot run tasks of a type; empty: it can. Whether it has a free slot now is another matter. */
export const whyNot = ({ name, needs }: Asked, { capabilities, policy }: NodeView): string[] => {
	if (capabilities === null) return [words.unknown];
	const { cores, memoryBytes, hardware, labels, sandbox, taskTypes } = capabilities;
	const why: string[] = [];
	if (!taskTypes.includes(name)) why.push(words.notOffered);
	if (cores < needs.cores) why.push(words.tooFew('cores', formatCount(cores), formatCount(needs.cores)));
	if (memoryBytes < needs.memoryBytes) {
		why.push(words.tooFew('memory', formatBytes(memoryBytes), formatBytes(needs.memoryBytes)));
	}
	for (const [device, count] of Object.entries(needs.hardware)) {
		const has = hardware[device] ?? 0;
		if (has < count) why.push(words.tooFew(device, formatCount(has), formatCount(count)));
	}
	for (const [label, value] of Object.entries(needs.labels)) {
		if (labels[label] !== value) why.push(words.label(label, value));
	}
	if (SANDBOX_LEVELS.indexOf(sandbox) < SANDBOX_LEVELS.indexOf(needs.sandbox)) why.push(words.sandboxWeak(sandbox));
	if (policy !== null) {
		const { taskTypes: taken, reservedFor } = policy;
		if (taken !== null && !taken.includes(name)) why.push(words.policy);
		const asked = [...Object.keys(needs.hardware), ...Object.keys(needs.labels)];
		if (reservedFor.length > 0 && !reservedFor.some((one) => asked.includes(one))) why.push(words.reserved);
	}
	return why;
};

/** Nodes that still belong to the system. */
export const joined = (nodes: readonly NodeView[]): readonly NodeView[] =>
	nodes.filter(({ state }) => state !== 'revoked');

/** What a task of the type needs, in a few words. */
export const needsInWords = ({ cores, memoryBytes, hardware, labels, sandbox }: Manifest['needs']): string => {
	const told = [
		...(cores > 1 ? [words.cores(cores)] : []),
		...(memoryBytes > 0 ? [words.memory(formatBytes(memoryBytes))] : []),
		...Object.entries(hardware).map(([device, count]) => (count === 1 ? device : `${count} × ${device}`)),
		...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
		...(sandbox === 'none' ? [] : [words.sandbox(sandbox)]),
	];
	return told.length === 0 ? words.noNeeds : told.join(', ');
};
