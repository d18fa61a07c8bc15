import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { classColumns } from './class-columns.tsx';
import { useClasses, useClassShares } from './use-classes.ts';
import { words } from './words.ts';

/** Every service class: what it gives, to whom, and how much of the machines it gets now. */
export const ClassesPage = () => {
	useTitle(words.title);
	const navigate = useNavigate();
	const query = useClasses();
	const shares = useClassShares().data;
	const mayMake = useMe().role === 'administrator';
	const columns = useMemo(() => classColumns(shares), [shares]);
	useCommands([
		...(mayMake
			? [
					{
						id: 'new class',
						group: words.title,
						word: words.make,
						icon: 'plus' as const,
						run: () => void navigate('/classes/new'),
					},
				]
			: []),
	]);
	const rows = query.data?.items;
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				{mayMake && (
					<Button component={Link} to="/classes/new" leftSection={<Icon name="plus" size={17} />}>
						{words.make}
					</Button>
				)}
			</div>
			<p className={page.lead}>{words.lead}</p>
			{rows === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.theServiceClasses} />
				)
			) : rows.length === 0 ? (
				<EmptyState icon="scales" title={words.none}>
					{words.noneText}
				</EmptyState>
			) : (
				<DataTable
					label={words.title}
					rows={rows}
					columns={columns}
					keyOf={({ name }) => name}
					sort="-band"
					csvName="service-classes"
				/>
			)}
		</>
	);
};
