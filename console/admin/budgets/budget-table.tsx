import { Button, Group } from '@mantine/core';
import { Link } from 'react-router';
import { budgetOwnerWords } from '../../../shared/budget-words.ts';
import type { BudgetView } from '../../../shared/protocol/budget.ts';
import { costWords } from '../../kit/money.ts';
import page from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import classes from '../accounting/accounting.module.css';
import { Bar } from '../accounting/bar.tsx';
import { useCurrency } from '../accounting/use-choices.ts';
import { tasksWith } from '../tasks/task-columns.tsx';
import { useRemoveBudget } from './use-budgets.ts';
import { ACTION_WORDS, BUDGET_LOOKS, standingOf, words } from './words.ts';

const addressOf = ({ kind, id }: BudgetView['owner']): string =>
	({ person: '/users/', group: '/groups/', class: '/classes/' })[kind] + encodeURIComponent(id);

const takenOf = ({ spentMicro, reservedMicro }: BudgetView): number => spentMicro + reservedMicro;
const shareOf = (budget: BudgetView): number => (budget.amountMicro === 0 ? 1 : takenOf(budget) / budget.amountMicro);
const COLORS = { ok: 'brand', warn: 'orange', holding: 'orange', full: 'red' } as const;

interface BudgetTableProps {
	budgets: readonly BudgetView[];
	onChange(budget: BudgetView): void;
}

export const BudgetTable = ({ budgets, onChange }: BudgetTableProps) => {
	const currency = useCurrency();
	const remove = useRemoveBudget();
	const columns: TableColumn<BudgetView>[] = [
		{
			name: 'owner',
			head: words.owner,
			cell: ({ owner }) => (
				<Link className={page.name} to={addressOf(owner)}>
					{budgetOwnerWords(owner)}
				</Link>
			),
			value: ({ owner }) => budgetOwnerWords(owner),
		},
		{
			name: 'spent',
			head: words.spentOf,
			isNumber: true,
			cell: (budget) => (
				<span className={classes.numbers}>
					{costWords(budget.spentMicro, currency)}
					{budget.reservedMicro > 0 && (
						<small className={classes.aside}>+ {words.aside(costWords(budget.reservedMicro, currency))}</small>
					)}
					<Bar share={shareOf(budget)} color={COLORS[standingOf(budget)]} />
				</span>
			),
			value: shareOf,
		},
		{
			name: 'amount',
			head: words.amount,
			isNumber: true,
			cell: ({ amountMicro }) => <span className={classes.numbers}>{costWords(amountMicro, currency)}</span>,
			value: ({ amountMicro }) => amountMicro,
		},
		{
			name: 'left',
			head: words.left,
			isNumber: true,
			cell: ({ leftMicro }) => <span className={classes.numbers}>{costWords(leftMicro, currency)}</span>,
			value: ({ leftMicro }) => leftMicro,
		},
		{
			name: 'holds',
			head: words.holds,
			isNumber: true,
			cell: ({ id, heldTasks, owner }) =>
				heldTasks === 0 ? (
					<span className={page.quiet}>{words.holdsNone}</span>
				) : (
					<Link
						className={page.link}
						to={tasksWith('budget', id)}
						aria-label={words.heldOf(heldTasks, budgetOwnerWords(owner))}
					>
						{words.heldTasks(heldTasks)}
					</Link>
				),
			value: ({ heldTasks }) => heldTasks,
		},
		{
			name: 'state',
			head: words.state,
			cell: (budget) => <LookChip look={BUDGET_LOOKS[standingOf(budget)]} quiet={standingOf(budget) === 'ok'} />,
			value: standingOf,
		},
		{
			name: 'action',
			head: words.action,
			cell: ({ action }) => ACTION_WORDS[action],
			value: ({ action }) => action,
		},
		{
			name: 'warn',
			head: words.warnAt,
			isNumber: true,
			cell: ({ warnAtPercent }) => `${warnAtPercent} %`,
			value: ({ warnAtPercent }) => warnAtPercent,
		},
		{
			name: 'acts',
			head: '',
			cell: (budget) => (
				<Group gap={6} wrap="nowrap" justify="flex-end">
					<Button
						size="xs"
						variant="default"
						aria-label={words.changeOf(budgetOwnerWords(budget.owner))}
						onClick={() => onChange(budget)}
					>
						{words.change}
					</Button>
					<Button
						size="xs"
						variant="default"
						aria-label={words.removeOf(budgetOwnerWords(budget.owner))}
						onClick={() => remove.mutate(budget)}
					>
						{words.remove}
					</Button>
				</Group>
			),
		},
	];
	return (
		<DataTable
			label={words.title}
			rows={budgets}
			columns={columns}
			keyOf={({ id }) => id}
			sort="-spent"
			csvName="budgets"
		/>
	);
};
