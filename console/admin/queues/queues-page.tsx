import { Button, NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { KeyTester } from './key-tester.tsx';
import { QUEUE_COLUMNS } from './queue-columns.tsx';
import { filterQueues, QUEUE_LOOKS, QUEUE_STATES } from './queue-look.ts';
import classes from './queues.module.css';
import { useQueues } from './use-queues.ts';
import { words } from './words.ts';

const keyOf = ({ name }: QueueView): string => name;

/** Every queue: where it jams, at a glance. */
export const QueuesPage = () => {
	useTitle(words.title);
	const query = useQueues();
	const mayChange = useMe().role === 'administrator';
	const [, setParams] = useSearchParams();
	const [text, setText] = useSearchParam('q');
	const [state, setState] = useSearchParam('state');
	// The binding key that the new queue begins with; `new` alone begins with none.
	const [making, setMaking] = useSearchParam('new');
	const isMaking = making !== '' && mayChange;
	const all = query.data?.items;
	const shown = useMemo(() => filterQueues(all ?? [], text, state), [all, text, state]);
	const navigate = useNavigate();
	useCommands([
		...(mayChange
			? [
					{
						...{ id: 'queue new', group: words.title, word: words.create, icon: 'plus' as const },
						run: () => void setMaking('yes'),
					},
				]
			: []),
		...(all ?? []).map(({ name }) => ({
			...{ id: `queue ${name}`, group: words.title, word: name, icon: 'queue' as const },
			run: () => void navigate(`/queues/${encodeURIComponent(name)}`),
		})),
	]);
	const create = (
		<Button
			leftSection={<Icon name="plus" size={16} />}
			disabled={!mayChange}
			{...(mayChange ? {} : { title: words.onlyAdministrators })}
			onClick={() => setMaking('yes')}
		>
			{words.create}
		</Button>
	);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				{create}
			</div>
			<p className={page.lead}>{words.lead}</p>
			{all === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.theQueues} />
				)
			) : all.length === 0 ? (
				<EmptyState icon="queue" title={words.none} actions={create}>
					{words.noneText}
				</EmptyState>
			) : (
				<>
					<div className={page.tools}>
						<FilterBox label={words.filter} value={text} onChange={setText} />
						<NativeSelect
							aria-label={words.state}
							value={state}
							onChange={(event) => setState(event.currentTarget.value)}
							data={[
								{ value: '', label: words.everyState },
								...QUEUE_STATES.map((value) => ({ value, label: QUEUE_LOOKS[value].word })),
							]}
						/>
					</div>
					{shown.length === 0 ? (
						<EmptyState
							icon="search"
							title={words.noneFits}
							actions={
								<Button variant="default" onClick={() => setParams({}, { replace: true })}>
									{words.clearFilter}
								</Button>
							}
						>
							{words.noneFitsText}
						</EmptyState>
					) : (
						<DataTable label={words.table} rows={shown} columns={QUEUE_COLUMNS} keyOf={keyOf} csvName="queues" />
					)}
					<section className={`${page.card} ${classes.tester}`}>
						<h2>{words.tester}</h2>
						<KeyTester />
					</section>
				</>
			)}
			<CreateDialog opened={isMaking} binding={making === 'yes' ? '' : making} onClose={() => setMaking('')} />
		</>
	);
};
