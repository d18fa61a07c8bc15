import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { BUDGET_KINDS, type BudgetView } from '../../../shared/protocol/budget.ts';
import { Icon } from '../../kit/icons.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import classes from '../accounting/accounting.module.css';
import { usePrices } from '../accounting/use-choices.ts';
import { useCommands } from '../palette/commands.tsx';
import { BudgetDialog } from './budget-dialog.tsx';
import { BudgetTable } from './budget-table.tsx';
import { useBudgets } from './use-budgets.ts';
import { BUDGET_LOOKS, standingOf, words } from './words.ts';

const STATES = ['ok', 'warn', 'holding', 'full'] as const;

/** What people, groups and classes may spend in a month, and how far they are. */
export const BudgetsPage = () => {
	useTitle(words.title);
	const [kind, setKind] = useSearchParam('kind');
	const [state, setState] = useSearchParam('state');
	const [one, setOne] = useSearchParam('id');
	const [, setParams] = useSearchParams();
	const query = useBudgets();
	const prices = usePrices().data?.items;
	const [shown, setShown] = useState<BudgetView | 'new' | null>(null);
	useCommands([{ id: 'budget set', group: words.title, word: words.set, icon: 'plus', run: () => setShown('new') }]);
	const set = (
		<Button leftSection={<Icon name="plus" size={16} />} onClick={() => setShown('new')}>
			{words.set}
		</Button>
	);
	const rows = (query.data ?? []).filter(
		(budget) =>
			(kind === '' || budget.owner.kind === kind) &&
			(state === '' || standingOf(budget) === state) &&
			(one === '' || budget.id === one),
	);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				{query.data !== undefined && query.data.length > 0 && set}
			</div>
			<p className={classes.note}>{words.lead}</p>
			{prices?.length === 0 && (
				<p className={page.warning}>
					<Icon name="alert" />
					<span>
						{words.noPrices}{' '}
						<Link className={page.link} to="/prices">
							{words.toPrices}
						</Link>
					</span>
				</p>
			)}
			{query.data === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.what} />
				)
			) : query.data.length === 0 ? (
				<EmptyState icon="coins" title={words.none} actions={set}>
					{words.noneLong}
				</EmptyState>
			) : (
				<>
					<div className={page.tools}>
						<NativeSelect
							aria-label={words.kind}
							value={kind}
							onChange={(event) => setKind(event.currentTarget.value)}
							data={[
								{ value: '', label: words.anyKind },
								...BUDGET_KINDS.map((one) => ({ value: one, label: words[one] })),
							]}
						/>
						<NativeSelect
							aria-label={words.state}
							value={state}
							onChange={(event) => setState(event.currentTarget.value)}
							data={[
								{ value: '', label: words.anyState },
								...STATES.map((one) => ({ value: one, label: BUDGET_LOOKS[one].word })),
							]}
						/>
						{one !== '' && (
							<Button variant="light" size="xs" onClick={() => setOne('')}>
								{words.onlyOne}
							</Button>
						)}
					</div>
					{rows.length > 0 ? (
						<BudgetTable budgets={rows} onChange={setShown} />
					) : (
						<EmptyState
							icon="search"
							title={words.noneFit}
							actions={
								<Button variant="default" onClick={() => setParams({})}>
									{words.clear}
								</Button>
							}
						/>
					)}
				</>
			)}
			<BudgetDialog shown={shown} onClose={() => setShown(null)} />
		</>
	);
};
