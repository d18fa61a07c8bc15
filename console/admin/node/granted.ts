import type { NodeView } from '../../../shared/protocol/node.ts';
import { formatBytes, plural } from '../../kit/format.ts';
import { labelsOf } from '../nodes/node-filter.ts';
import { words } from './words.ts';

interface GrantedRow {
	what: string;
	declares: string;
	granted: string;
	/** It may do other than it declares. */
	differs: boolean;
}

const list = (names: readonly string[]): string => (names.length === 0 ? '–' : names.join(', '));

/** What a machine says of itself beside what it may do of that. */
export const grantedRows = (node: NodeView): GrantedRow[] => {
	const { capabilities, declared, policy } = node;
	if (capabilities === null) return [];
	const row = (what: string, declares: string, granted = declares): GrantedRow => ({
		...{ what, declares, granted, differs: granted !== declares },
	});
	const types = list(capabilities.taskTypes);
	const allowed = policy?.taskTypes ?? null;
	const reserved = policy?.reservedFor ?? [];
	const devices = Object.entries(capabilities.hardware).map(([name, count]) =>
		count === 1 ? name : `${name} × ${count}`,
	);
	return [
		row(words.queues, list(declared?.queues ?? node.queues), list(node.queues)),
		row(words.atOnce, String(declared?.concurrency ?? node.concurrency), String(node.concurrency)),
		row(words.labels, list(labelsOf({ labels: declared?.labels ?? node.labels })), list(labelsOf(node))),
		row(
			words.taskTypes,
			types,
			allowed === null ? types : list(capabilities.taskTypes.filter((type) => allowed.includes(type))),
		),
		{
			...row(words.tasks, words.any, reserved.length === 0 ? words.any : words.reserved(reserved.join(', '))),
		},
		row(words.hardware, list(devices)),
		row(
			words.machine,
			`${plural(capabilities.cores, 'core')}, ${formatBytes(capabilities.memoryBytes)}, ${capabilities.platform || '–'}`,
		),
		row(words.sandbox, capabilities.sandbox),
		row(words.agent, capabilities.agentVersion || '–'),
	];
};
