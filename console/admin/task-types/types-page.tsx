import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { NodeView } from '../../../shared/protocol/node.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { useTitle } from '../../kit/use-title.ts';
import { useNodes } from '../nodes/use-nodes.ts';
import { InstallButton } from './install-dialog.tsx';
import { joined, needsInWords, whyNot } from './node-fit.ts';
import classes from './types.module.css';
import { useTypes } from './use-types.ts';
import { words } from './words.ts';

const originOf = ({ command }: Manifest): string => (command === undefined ? words.builtIn : words.installed);

const columns = (nodes: readonly NodeView[] | undefined): TableColumn<Manifest>[] => {
	const there = joined(nodes ?? []);
	const able = (type: Manifest): number => there.filter((node) => whyNot(type, node).length === 0).length;
	return [
		{
			...{ name: 'name', head: words.name, width: '140px' },
			cell: ({ name }) => (
				<Link className={page.link!} to={`/task-types/${name}`}>
					{name}
				</Link>
			),
			value: ({ name }) => name,
		},
		{ name: 'what', head: words.what, cell: ({ title }) => title, value: ({ title }) => title },
		{
			...{ name: 'category', head: words.category, width: '110px' },
			cell: ({ category }) => category,
			value: ({ category }) => category,
		},
		{ name: 'origin', head: words.origin, width: '104px', cell: originOf, value: originOf },
		{
			...{ name: 'version', head: words.version, isNumber: true, width: '92px' },
			cell: ({ version }) => version,
			value: ({ version }) => version,
		},
		{
			...{ name: 'needs', head: words.needs, width: '150px' },
			cell: ({ needs }) => needsInWords(needs),
			value: ({ needs }) => needsInWords(needs),
		},
		{
			...{ name: 'nodes', head: words.nodes, isNumber: true, width: '104px' },
			cell: (type) => nodes !== undefined && words.nodesOf(able(type), there.length),
			value: (type) => (nodes === undefined ? null : able(type)),
		},
	];
};

/** What the system can do, and where. */
export const TaskTypesPage = () => {
	useTitle(words.title);
	const types = useTypes();
	const nodes = useNodes();
	const [filter, setFilter] = useSearchParam('find');
	const { role } = useMe();
	const wanted = filter.toLowerCase();
	const fits = ({ name, title, category }: Manifest) => `${name} ${title} ${category}`.toLowerCase().includes(wanted);
	const rows = types.data?.filter(fits) ?? [];
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				{role === 'administrator' && <InstallButton />}
			</div>
			<p className={page.lead}>{words.lead}</p>
			<div className={classes.find}>
				<FilterBox label={words.filter} value={filter} onChange={setFilter} />
			</div>
			{types.data === undefined ? (
				types.error ? (
					<ErrorState error={types.error} what={words.cannot} onRetry={() => void types.refetch()} />
				) : (
					<LoadingState what={words.types} />
				)
			) : rows.length > 0 ? (
				<DataTable
					label={words.table}
					rows={rows}
					columns={columns(nodes.data)}
					keyOf={({ name }) => name}
					sort="name"
					csvName="task-types"
					tools={<CopyButton text="millrace task-types" what={words.asCommand} />}
				/>
			) : filter === '' ? (
				<EmptyState icon="cube" title={words.none}>
					{words.noneText}
				</EmptyState>
			) : (
				<EmptyState
					icon="search"
					title={words.noneFits}
					actions={<Button onClick={() => setFilter('')}>{words.clear}</Button>}
				>
					{words.noneFitsText}
				</EmptyState>
			)}
		</>
	);
};
