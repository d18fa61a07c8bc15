import { memo, useRef } from 'react';
import { Link } from 'react-router';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { Meter, metersOf, Slots, workWords } from './meters.tsx';
import type { NodeActKind } from './node-acts.ts';
import { labelsOf } from './node-filter.ts';
import { NODE_LOOKS } from './node-looks.ts';
import { NodeMenu } from './node-menu.tsx';
import classes from './nodes.module.css';
import { useMeasures } from './use-nodes.ts';
import { words } from './words.ts';

interface NodeTileProps {
	node: NodeView;
	/** The same one each time. */
	onAct(kind: NodeActKind, node: NodeView): void;
}

/** A node at a glance. It is drawn anew when this node has changed, and its measures only while it is in view. */
export const NodeTile = memo(({ node, onAct }: NodeTileProps) => {
	const tile = useRef<HTMLLIElement>(null);
	const measures = useMeasures(node.id, tile);
	const isThere = node.state !== 'offline' && node.state !== 'revoked';
	const work = workWords(measures.work);
	return (
		<li ref={tile} className={classes.tile} data-state={node.state}>
			<div className={classes.tileHead}>
				<Link to={`/nodes/${node.id}`} className={classes.name!} title={node.name}>
					{node.name}
				</Link>
				<LookChip look={NODE_LOOKS[node.state]} quiet={node.state === 'online'} />
				<NodeMenu node={node} onAct={(kind) => onAct(kind, node)} />
			</div>
			<div className={classes.slotLine}>
				<Slots running={measures.running} slots={node.concurrency} />
				<Link to={`/nodes/${node.id}`}>
					{measures.running}/{node.concurrency}
					<span className="millrace-off-screen"> {words.slotsInUse}</span>
				</Link>
			</div>
			{isThere && metersOf(node, measures).map(({ word, share }) => <Meter key={word} word={word} share={share} />)}
			<p className={classes.work}>
				{node.reason ??
					(isThere ? (
						work || words.idle
					) : (
						<>
							{words.lastSeen} {node.lastSeenAt === null ? words.never : <RelativeTime at={node.lastSeenAt} />}
						</>
					))}
			</p>
			<p className={classes.labels}>{[...node.queues, ...labelsOf(node)].join(' · ')}</p>
		</li>
	);
});
