import { Button, SegmentedControl, Select } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { formatCount, plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { ActDialog } from './act-dialog.tsx';
import { actsOf, type NodeActKind, type WishedAct } from './node-acts.ts';
import { allLabels, countStates, filterNodes, type NodeFilter } from './node-filter.ts';
import { NODE_LOOKS } from './node-looks.ts';
import { NodeTable } from './node-table.tsx';
import { NodeTile } from './node-tile.tsx';
import classes from './nodes.module.css';
import { useNodes, useRunning } from './use-nodes.ts';
import { words } from './words.ts';

/** More tiles than so many are no picture any more. */
const MOST_TILES = 60;
/** As many are found by name in the palette. */
const MOST_COMMANDS = 500;

/** All machines that do the work, live. */
export const NodesPage = () => {
	useTitle(words.title);
	const query = useNodes();
	const { role } = useMe();
	const navigate = useNavigate();
	useCommands([
		...(role === 'administrator'
			? [
					{
						id: 'add node',
						group: words.title,
						word: words.add,
						icon: 'plus' as const,
						run: () => void navigate('/nodes/add'),
					},
				]
			: []),
		...(query.data ?? []).slice(0, MOST_COMMANDS).map(({ id, name }) => ({
			...{ id: `node ${id}`, group: words.title, word: name, icon: 'device' as const },
			run: () => void navigate(`/nodes/${id}`),
		})),
	]);
	const add = role === 'administrator' && (
		<Button component={Link} to="/nodes/add" leftSection={<Icon name="plus" size={16} />}>
			{words.add}
		</Button>
	);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				{query.data !== undefined && query.data.length > 0 && add}
			</div>
			{query.data === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.theNodes} />
				)
			) : query.data.length === 0 ? (
				<EmptyState icon="device" title={words.emptyTitle} actions={add}>
					{words.emptyText}
				</EmptyState>
			) : (
				<NodeBoard nodes={query.data} />
			)}
		</>
	);
};

const useNodeFilter = (): NodeFilter & { set: Record<keyof NodeFilter, (value: string) => void> } => {
	const [state, setState] = useSearchParam('state');
	const [label, setLabel] = useSearchParam('label');
	const [text, setText] = useSearchParam('text');
	return { state, label, text, set: { state: setState, label: setLabel, text: setText } };
};

const NodeBoard = ({ nodes }: { nodes: readonly NodeView[] }) => {
	const { state, label, text, set } = useNodeFilter();
	const [look, setLook] = useSearchParam('look', { push: true });
	const [wished, setWished] = useState<WishedAct | null>(null);
	useActCommands(nodes, setWished);
	const onAct = useCallback((kind: NodeActKind, node: NodeView) => setWished({ kind, node }), []);
	const filter = useMemo(() => ({ state, label, text }), [state, label, text]);
	const shown = useMemo(() => filterNodes(nodes, filter), [nodes, filter]);
	const labels = useMemo(() => allLabels(nodes), [nodes]);
	const isTable = look === '' ? nodes.length > MOST_TILES : look === 'table';
	return (
		<>
			<StateCounts nodes={nodes} filter={filter} />
			<div className={page.tools}>
				<FilterBox label={words.filter} value={text} onChange={set.text} />
				{(labels.length > 0 || label !== '') && (
					<Select
						aria-label={words.label}
						placeholder={words.anyLabel}
						data={label === '' || labels.includes(label) ? labels : [label, ...labels]}
						value={label === '' ? null : label}
						onChange={(value) => set.label(value ?? '')}
						clearable
						searchable
						limit={100}
						clearButtonProps={{ 'aria-label': words.anyLabel }}
					/>
				)}
				<SegmentedControl
					aria-label={words.look}
					value={isTable ? 'table' : 'tiles'}
					onChange={setLook}
					data={[
						{ value: 'tiles', label: words.tiles },
						{ value: 'table', label: words.table },
					]}
				/>
				<SlotsInUse nodes={shown} />
			</div>
			{shown.length === 0 ? (
				<EmptyState
					icon="search"
					title={words.noMatchTitle}
					actions={
						<Button variant="default" component={Link} to={look === '' ? '/nodes' : `/nodes?look=${look}`}>
							{words.noMatchAct}
						</Button>
					}
				>
					{words.noMatchText}
				</EmptyState>
			) : isTable ? (
				<NodeTable nodes={shown} onAct={onAct} />
			) : (
				<ul className={classes.tiles}>
					{shown.map((node) => (
						<NodeTile key={node.id} node={node} onAct={onAct} />
					))}
				</ul>
			)}
			<ActDialog wished={wished} onClose={() => setWished(null)} />
		</>
	);
};

/** What can be done to each node, by the names of both. */
const useActCommands = (nodes: readonly NodeView[], onWish: (wished: WishedAct) => void): void => {
	const { role } = useMe();
	useCommands(
		nodes.slice(0, MOST_COMMANDS).flatMap((node) =>
			actsOf(node, role)
				.filter(({ isDenied }) => !isDenied)
				.map(({ kind, word, icon }) => ({
					...{ id: `${kind} ${node.id}`, group: node.name, word: words.actOn(word, node.name), icon },
					run: () => onWish({ kind, node }),
				})),
		),
	);
};

/** How many nodes are how, each a link to just these. */
const StateCounts = ({ nodes, filter }: { nodes: readonly NodeView[]; filter: NodeFilter }) => {
	const linkTo = (state: string): string => {
		const wish = Object.entries({ ...filter, state }).filter(([, value]) => value !== '');
		return wish.length === 0 ? '/nodes' : `/nodes?${new URLSearchParams(wish).toString()}`;
	};
	const all = filterNodes(nodes, { ...filter, state: '' }).length;
	return (
		<nav className={classes.counts} aria-label={words.byState}>
			<Link to={linkTo('')} aria-current={filter.state === '' ? 'page' : undefined}>
				<strong>{formatCount(all)}</strong> {words.all}
			</Link>
			{countStates(nodes, filter).map(([state, count]) => (
				<Link
					key={state}
					to={linkTo(state)}
					aria-current={filter.state === state ? 'page' : undefined}
					data-color={NODE_LOOKS[state].color}
				>
					<Icon name={NODE_LOOKS[state].icon} size={14} /> <strong>{formatCount(count)}</strong>{' '}
					{NODE_LOOKS[state].word.toLowerCase()}
				</Link>
			))}
		</nav>
	);
};

const SlotsInUse = ({ nodes }: { nodes: readonly NodeView[] }) => {
	const running = useRunning(nodes);
	const slots = nodes.reduce(
		(sum, { state, concurrency }) => sum + (state === 'offline' || state === 'revoked' ? 0 : concurrency),
		0,
	);
	return (
		<span className={classes.total}>
			{plural(nodes.length, 'node')}, {words.slots(running, slots)}
		</span>
	);
};
