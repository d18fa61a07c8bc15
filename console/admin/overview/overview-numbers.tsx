import type { QueueView } from '../../../shared/protocol/queue.ts';
import { formatBytes, formatCount } from '../../kit/format.ts';
import { Duration } from '../../kit/time.tsx';
import { useNodes } from '../nodes/use-nodes.ts';
import { NumberOf, Numbers } from '../numbers/numbers.tsx';
import { perSecond } from '../numbers/per-second.ts';
import { oldestOf, totalsOf } from './totals.ts';
import { usePace } from './use-overview.ts';
import { words } from './words.ts';

/** How much there is: each number leads to the list that it counts. */
export const OverviewNumbers = ({ queues }: { queues: readonly QueueView[] }) => {
	const known = useNodes().data;
	const nodes = (known ?? []).filter(({ state }) => state !== 'revoked');
	const free = usePace().data?.measures.diskFreeBytes?.mean.findLast((value) => value !== null) ?? null;
	const { queued, running, inPerSecond, outPerSecond } = totalsOf(queues);
	const oldest = oldestOf(queues);
	const up = nodes.filter(({ state }) => state !== 'offline').length;
	const resting = nodes.filter(({ state }) => state !== 'offline' && state !== 'online').length;
	return (
		<Numbers label={words.numbers}>
			<NumberOf name={words.inLine} to="/tasks?state=queued">
				{formatCount(queued)}
			</NumberOf>
			<NumberOf name={words.running} to="/tasks?state=running">
				{formatCount(running)}
			</NumberOf>
			<NumberOf
				name={words.oldest}
				{...(oldest === null
					? {}
					: { to: `/queues/${encodeURIComponent(oldest.name)}`, note: words.inQueue(oldest.name) })}
			>
				{oldest === null ? words.nothing : <Duration from={oldest.at} until={null} />}
			</NumberOf>
			<NumberOf name={words.rate} to="/queues" note={words.comeIn(perSecond(inPerSecond))}>
				{perSecond(outPerSecond)}
			</NumberOf>
			<NumberOf name={words.nodesUp} to="/nodes" {...(resting > 0 ? { note: words.resting(resting) } : {})}>
				{known === undefined ? words.nothing : `${formatCount(up)} / ${formatCount(nodes.length)}`}
			</NumberOf>
			<NumberOf name={words.disk} to="/settings">
				{free === null ? words.nothing : formatBytes(free)}
			</NumberOf>
		</Numbers>
	);
};
