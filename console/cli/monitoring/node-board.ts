import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { NodeState, NodeView } from '../../../shared/protocol/node.ts';
import type { Style } from '../terminal/output.ts';
import { type Cell, type Column, layTable } from '../terminal/table.ts';
import { shortened, textWidth } from '../terminal/text-width.ts';
import { bytesInWords } from '../terminal/words.ts';

export const NODE_STYLES: Record<NodeState, Style | undefined> = {
	online: 'green',
	offline: 'dim',
	cordoned: 'yellow',
	draining: 'yellow',
	suspect: 'red',
	revoked: 'dim',
};

/** All nodes as they were read, with what has been heard of them since. */
export class NodeBoard {
	readonly #nodes = new Map<string, NodeView>();
	/** Something has changed that is not told but read. */
	isStale = true;

	get nodes(): NodeView[] {
		return [...this.#nodes.values()];
	}

	read(nodes: readonly NodeView[]): void {
		this.#nodes.clear();
		for (const node of nodes) if (node.state !== 'revoked') this.#nodes.set(node.id, node);
	}

	hear(patch: LivePatch): void {
		if (patch.kind === 'node') {
			const { id, state, running } = patch;
			const node = this.#nodes.get(id);
			this.isStale ||= node?.state !== state;
			if (node) this.#nodes.set(id, { ...node, running });
		} else if (patch.kind === 'node-metrics') {
			for (const { id, running, metrics } of patch.nodes) {
				const node = this.#nodes.get(id);
				if (node) this.#nodes.set(id, { ...node, running, metrics });
				else this.isStale = true;
			}
		}
	}
}

const percent = (share: number | undefined): string => (share === undefined ? '' : `${Math.round(share * 100)} %`);
const ofAll = (used: number | undefined, total: number | undefined): string =>
	used === undefined || !total ? '' : percent(used / total);
const pace = (bytes: number | undefined): string => (bytes === undefined ? '' : `${bytesInWords(bytes)}/s`);

/** The most telling first: those at the end go where there is no room. */
const COLUMNS: readonly (Column & { of: (node: NodeView) => string | Cell })[] = [
	{ title: 'NAME', of: ({ name }) => name },
	{ title: 'STATE', of: ({ state }) => ({ text: state, style: NODE_STYLES[state] }) },
	{ title: 'RUNNING', side: 'right', of: ({ running, concurrency }) => `${running}/${concurrency}` },
	{ title: 'CPU', side: 'right', of: ({ metrics }) => percent(metrics?.cpuLoad) },
	{
		...{ title: 'MEMORY', side: 'right' },
		of: ({ metrics, capabilities }) => ofAll(metrics?.memoryUsedBytes, capabilities?.memoryBytes),
	},
	{ title: 'LOAD', side: 'right', of: ({ metrics }) => metrics?.load1?.toFixed(1) ?? '' },
	{ title: 'DISK', side: 'right', of: ({ metrics }) => ofAll(metrics?.diskUsedBytes, metrics?.diskTotalBytes) },
	{ title: 'NET IN', side: 'right', of: ({ metrics }) => pace(metrics?.networkInBytesPerSecond) },
	{ title: 'NET OUT', side: 'right', of: ({ metrics }) => pace(metrics?.networkOutBytesPerSecond) },
	{ title: 'GPU', side: 'right', of: ({ metrics }) => percent(metrics?.gpuLoad) },
];

const widthOf = (line: readonly Cell[]): number => line.reduce((sum, { text }) => sum + textWidth(text), 0);

/** The nodes as lines that fit: of so many cells at most, and so many of them; what does not fit is left out or counted. */
export const boardLines = (nodes: readonly NodeView[], width: number, most: number): Cell[][] => {
	const shown = nodes.length + 1 > most ? nodes.slice(0, Math.max(0, most - 2)) : nodes;
	const left = nodes.length - shown.length;
	const more = left === 0 ? [] : [[{ text: shortened(`… and ${left} more`, width), style: 'dim' as const }]];
	for (let count = COLUMNS.length; ; count -= 1) {
		const columns = COLUMNS.slice(0, count);
		const lines = layTable(
			columns,
			shown.map((node) => columns.map(({ of }) => of(node))),
			null,
		);
		if (lines.every((line) => widthOf(line) <= width)) return [...lines, ...more];
		if (count > 1) continue;
		return [...lines.map((line) => line.map(({ text, style }) => ({ text: shortened(text, width), style }))), ...more];
	}
};
