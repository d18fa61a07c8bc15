import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { idSchema } from '../../../shared/protocol/ids.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { ActDialog } from '../nodes/act-dialog.tsx';
import { actsOf, type WishedAct } from '../nodes/node-acts.ts';
import { NODE_LOOKS } from '../nodes/node-looks.ts';
import { words as nodesWords } from '../nodes/words.ts';
import { useCommands } from '../palette/commands.tsx';
import { PastCard, RunningCard } from './attempts-cards.tsx';
import { EventsCard } from './events-card.tsx';
import { GrantedCard } from './granted-card.tsx';
import { HistoryCard } from './history-card.tsx';
import classes from './node.module.css';
import { NowCard } from './now-card.tsx';
import { RANGES, rangeOf } from './ranges.ts';
import { useFollowNode, useNode } from './use-node.ts';
import { words } from './words.ts';

/** One machine: what it does and did, how it is and was doing, what it may, what was done to it. */
export const NodePage = () => {
	const { id = '' } = useParams();
	const isId = idSchema('node').safeParse(id).success;
	const query = useNode(id, isId);
	useTitle(query.data?.name ?? nodesWords.title);
	return (
		<>
			<Link to="/nodes" className={page.back}>
				← {words.all}
			</Link>
			<ReadOne query={query} isId={isId} what={words.what} all={{ to: '/nodes', word: words.all }}>
				{(node) => <Node key={node.id} node={node} />}
			</ReadOne>
		</>
	);
};

const Node = ({ node }: { node: NodeView }) => {
	const navigate = useNavigate();
	const { role } = useMe();
	const [rangeText, setRange] = useSearchParam('range');
	const range = rangeOf(rangeText);
	const [wished, setWished] = useState<WishedAct | null>(null);
	useFollowNode(node.id);
	const acts = actsOf(node, role);
	useCommands(
		acts
			.filter(({ isDenied }) => !isDenied)
			.map(({ kind, word, icon }) => ({
				...{ id: `${kind} ${node.id}`, group: node.name, word, icon },
				run: () => setWished({ kind, node }),
			})),
	);
	return (
		<>
			<div className={page.head}>
				<div className={page.titleLine}>
					<h1 className={page.title}>{node.name}</h1>
					<LookChip look={NODE_LOOKS[node.state]} />
				</div>
				<div className={page.acts}>
					{acts.map(({ kind, word, icon, isFinal, isDenied }) => (
						<Button
							key={kind}
							variant="default"
							leftSection={<Icon name={icon} size={15} />}
							disabled={isDenied}
							{...(isDenied ? { title: nodesWords.adminsOnly } : {})}
							{...(isFinal && !isDenied ? { c: 'var(--mantine-color-error)' } : {})}
							onClick={() => setWished({ kind, node })}
						>
							{word}
						</Button>
					))}
				</div>
			</div>
			<Said node={node} />
			<div className={classes.columns}>
				<div className={classes.side}>
					<NowCard node={node} />
					<GrantedCard node={node} />
				</div>
				<div className={page.main}>
					<RunningCard id={node.id} />
					<SegmentedControl
						className={classes.range!}
						aria-label={words.range}
						value={range}
						onChange={setRange}
						data={Object.entries(RANGES).map(([value, { word }]) => ({ value, label: word }))}
					/>
					<PastCard id={node.id} range={range} />
					<HistoryCard node={node} range={range} />
					<EventsCard id={node.id} />
				</div>
			</div>
			<ActDialog wished={wished} onClose={() => setWished(null)} onGone={() => void navigate('/nodes')} />
		</>
	);
};

/** It left as it was told to: since when, by whom and why, and what comes next. */
const Drained = ({ node: { reason, since, by, until }, at }: { node: NodeView; at: string }) => (
	<div className={page.headline}>
		<p className={classes.said}>
			{words.drained} <RelativeTime at={at} />
			{words.drainedBy(by)}
			{reason === null ? '.' : `: ${reason}`}
		</p>
		<p className={classes.next}>
			{since === null ? (
				words.startsAgain
			) : (
				<>
					{words.staysAway}
					{until !== null && (
						<>
							{words.staysUntil} <RelativeTime at={until} />
						</>
					)}
					{words.staysResume}
				</>
			)}{' '}
			{words.forgetIt}
		</p>
	</div>
);

/** Why it takes no work, since when, until when; what it finishes; and what it said that cannot be. */
const Said = ({ node }: { node: NodeView }) => {
	const { state, reason, since, by, until, faults, running, drainedAt } = node;
	return (
		<>
			{drainedAt !== null && <Drained node={node} at={drainedAt} />}
			{drainedAt === null && (since !== null || state === 'draining') && (
				<p className={page.headline}>
					{state === 'draining' && `${words.draining(running)} `}
					{since !== null && (
						<>
							{NODE_LOOKS[state === 'offline' ? 'cordoned' : state].word} <RelativeTime at={since} />
							{words.byWhom(by)}
							{until !== null && (
								<>
									{words.takesAgain} <RelativeTime at={until} />
								</>
							)}
							{reason !== null && `: ${reason}`}
						</>
					)}
				</p>
			)}
			{faults !== null && (
				<p className={page.warning} role="note">
					<Icon name="alert" />
					<span>
						{words.faultsLead}: {words.faults(faults.badSeals, faults.impossibleUsage)}
						{words.lastFault} <RelativeTime at={faults.lastAt} />: {faults.last}
					</span>
				</p>
			)}
		</>
	);
};
