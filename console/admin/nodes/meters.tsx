import type { NodeView } from '../../../shared/protocol/node.ts';
import { formatPercent } from '../../kit/format.ts';
import type { Measures } from './live-measures.ts';
import classes from './nodes.module.css';
import { words } from './words.ts';

const MOST_CELLS = 32;

/** Slots as cells, those in use filled; very many as one bar. */
export const Slots = ({ running, slots }: { running: number; slots: number }) => (
	<span className={classes.slots} role="img" aria-label={words.slots(running, slots)}>
		{slots > MOST_CELLS ? (
			<span className={classes.track}>
				<span style={{ width: `${Math.min(1, running / slots) * 100}%` }} />
			</span>
		) : (
			Array.from({ length: Math.max(slots, running) }, (_, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name than their place
				<span key={at} className={classes.cell} data-used={at < running || undefined} />
			))
		)}
	</span>
);

/** A share as a bar with its number. */
export const Meter = ({ word, share }: { word: string; share: number | null }) => (
	<span className={classes.meter}>
		<span className={classes.meterWord}>{word}</span>
		<span className={classes.track} data-high={(share ?? 0) >= 0.9 || undefined}>
			<span style={{ width: `${(share ?? 0) * 100}%` }} />
		</span>
		<span className={classes.meterShare}>{share === null ? '–' : formatPercent(share)}</span>
	</span>
);

const shareOf = (used: number | undefined, total: number | undefined): number | null =>
	used === undefined || !total ? null : Math.min(1, used / total);

/** What is shown as bars of a machine; GPU only where there is one. */
export const metersOf = (
	{ capabilities }: NodeView,
	{ metrics }: Measures,
): { word: string; share: number | null }[] => [
	{ word: words.cpu, share: metrics?.cpuLoad ?? null },
	{ word: words.memory, share: shareOf(metrics?.memoryUsedBytes, capabilities?.memoryBytes) },
	...(metrics?.gpuLoad === undefined ? [] : [{ word: words.gpu, share: metrics.gpuLoad }]),
];

const MOST_TYPES = 3;

/** `md5 × 2, thumbnail`. */
export const workWords = (work: Measures['work']): string => {
	const types = Object.entries(work).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
	const told = types.slice(0, MOST_TYPES).map(([type, count]) => (count === 1 ? type : `${type} × ${count}`));
	return [...told, ...(types.length > MOST_TYPES ? ['…'] : [])].join(', ');
};
