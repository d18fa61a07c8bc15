import { Button, Select } from '@mantine/core';
import { useMemo } from 'react';
import { type EveryonesKind, THING_STATES, thingStateSchema } from '../../../shared/protocol/everyones-thing.ts';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import page from '../../kit/shell/page.module.css';
import { useForgetSearchParams, useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import { useTitle } from '../../kit/use-title.ts';
import classes from './automation.module.css';
import { everyonesColumns } from './everyones-columns.tsx';
import { useEveryones } from './use-everyones.ts';
import { useSteering } from './use-steering.ts';
import { KIND_WORDS, STATE_WORDS, words } from './words.ts';

/** Everybody's things of one kind, whose they are and what became of them last. */
const EveryonesPage = ({ kind }: { kind: EveryonesKind }) => {
	const { title, lead, none, where, what } = KIND_WORDS[kind];
	useTitle(title);
	const [text, setText] = useSearchParam('q');
	const [asked, setAsked] = useSearchParam('state');
	const forget = useForgetSearchParams();
	const state = thingStateSchema.safeParse(asked).data ?? '';
	const query = useEveryones(kind, { text, state });
	const { mutate: steer } = useSteering();
	const columns = useMemo(() => everyonesColumns(kind, steer), [kind, steer]);
	const isFiltered = text !== '' || state !== '';
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{title}</h1>
			</div>
			<p className={page.lead}>{lead}</p>
			<div className={classes.filters}>
				<FilterBox label={words.filter} value={text} onChange={setText} />
				<Select
					aria-label={words.state}
					placeholder={words.anyState}
					clearable
					value={state === '' ? null : state}
					onChange={(value) => setAsked(value ?? '')}
					data={THING_STATES.map((value) => ({ value, label: STATE_WORDS[value] }))}
				/>
			</div>
			{query.rows.length > 0 ? (
				<DataTable
					label={title}
					rows={query.rows}
					columns={columns}
					keyOf={({ id }) => id}
					csvName={title.toLowerCase()}
					hasMore={query.hasNextPage}
					onMore={() => void query.fetchNextPage()}
				/>
			) : query.isPending ? (
				<LoadingState what={what} />
			) : query.error ? (
				<ErrorState error={query.error} what={title} onRetry={() => void query.refetch()} />
			) : isFiltered ? (
				<EmptyState
					icon="search"
					title={words.unfit}
					actions={
						<Button variant="default" onClick={() => forget(['q', 'state'])}>
							{words.clear}
						</Button>
					}
				>
					{words.unfitHelp}
				</EmptyState>
			) : (
				<EmptyState icon="recipe" title={none}>
					{where}
				</EmptyState>
			)}
		</>
	);
};

const pageOf = (kind: EveryonesKind) => () => <EveryonesPage kind={kind} />;

export const RecipesPage = pageOf('recipe');
export const TriggersPage = pageOf('trigger');
export const SchedulesPage = pageOf('schedule');
export const SourcesPage = pageOf('source');
export const DatasetsPage = pageOf('dataset');
export const WebhooksPage = pageOf('webhook');
