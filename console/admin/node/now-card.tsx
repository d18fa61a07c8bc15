import { useRef } from 'react';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { formatBytes, formatDuration, formatRate } from '../../kit/format.ts';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { RelativeTime } from '../../kit/time.tsx';
import { Meter, metersOf, Slots } from '../nodes/meters.tsx';
import { useMeasures } from '../nodes/use-nodes.ts';
import classes from './node.module.css';
import { words } from './words.ts';

const ofAll = (used: number | undefined, total: number | undefined): string | null =>
	used === undefined
		? null
		: total === undefined
			? formatBytes(used)
			: words.ofAll(formatBytes(used), formatBytes(total));
const both = (a: number | undefined, b: number | undefined, names: [string, string]): string | null =>
	a === undefined || b === undefined ? null : `${formatRate(a)} ${names[0]}, ${formatRate(b)} ${names[1]}`;

/** How the machine is doing at this moment. */
export const NowCard = ({ node }: { node: NodeView }) => {
	const card = useRef<HTMLElement>(null);
	const measures = useMeasures(node.id, card);
	const { metrics, running } = measures;
	const facts: [string, string | null][] = [
		[words.load, metrics?.load1 === undefined ? null : String(metrics.load1)],
		[words.disk, ofAll(metrics?.diskUsedBytes, metrics?.diskTotalBytes)],
		[
			words.diskTraffic,
			both(metrics?.diskReadBytesPerSecond, metrics?.diskWriteBytesPerSecond, [words.read, words.written]),
		],
		[
			words.network,
			both(metrics?.networkInBytesPerSecond, metrics?.networkOutBytesPerSecond, [words.received, words.sent]),
		],
		[words.lag, metrics?.eventLoopLagMs === undefined ? null : formatDuration(metrics.eventLoopLagMs)],
	];
	return (
		<section ref={card} className={page.card} aria-labelledby="node-now">
			<h2 id="node-now">{words.now}</h2>
			<div className={classes.slotLine}>
				<Slots running={running} slots={node.concurrency} />
				<span>
					{running}/{node.concurrency}
				</span>
			</div>
			{metrics === null ? (
				<p className={page.quiet}>{words.away}</p>
			) : (
				metersOf(node, measures).map(({ word, share }) => <Meter key={word} word={word} share={share} />)
			)}
			<dl className={page.facts}>
				{facts.map(
					([name, text]) =>
						text !== null && (
							<Fact key={name} name={name}>
								{text}
							</Fact>
						),
				)}
				<Fact name={words.seen}>{node.lastSeenAt === null ? words.never : <RelativeTime at={node.lastSeenAt} />}</Fact>
				{node.joinedAt !== null && (
					<Fact name={words.joined}>
						<RelativeTime at={node.joinedAt} />
					</Fact>
				)}
				<Fact name={words.id}>
					<code className="millrace-mono">{node.id}</code>
				</Fact>
			</dl>
		</section>
	);
};
