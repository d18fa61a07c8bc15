import { useQuery } from '@tanstack/react-query';
import { budgetOwnerWords } from '../../../shared/budget-words.ts';
import { addBudget, listBudgets, removeBudget } from '../../../shared/client/budgets.ts';
import { eachItem } from '../../../shared/client/page.ts';
import type { BudgetOwner, BudgetView } from '../../../shared/protocol/budget.ts';
import { notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

const PAGE = 1_000;
const EVERY_MS = 15_000;

/** All of them: they are set by hand, so there are not very many. */
export const useBudgets = () =>
	useQuery({
		queryKey: keys.budgets,
		queryFn: async ({ signal }) => {
			const budgets: BudgetView[] = [];
			const pages = (cursor?: string) =>
				listBudgets(http, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, { signal });
			for await (const budget of eachItem(pages)) budgets.push(budget);
			return budgets;
		},
		refetchInterval: EVERY_MS,
	});

/** For whom a budget is, as the server takes it. */
export const ownerOf = ({ kind, id }: BudgetView['owner']): BudgetOwner =>
	kind === 'person' ? { person: id } : kind === 'group' ? { group: id } : { class: id };

/** Takes a budget away; set again as it was for a while. */
export const useRemoveBudget = () => {
	const back = useAct({
		key: keys.budgets,
		failed: words.notBack,
		act: ({ owner, amountMicro, warnAtPercent, action }: BudgetView) =>
			addBudget(http, { owner: ownerOf(owner), amountMicro, warnAtPercent, action }),
	});
	return useAct({
		key: keys.budgets,
		failed: words.notRemoved,
		act: async (budget: BudgetView) => {
			await removeBudget(http, budget.id, budget.version);
			return budget;
		},
		onDone: (budget) => notifyUndo(words.removed(budgetOwnerWords(budget.owner)), () => back.mutate(budget)),
	});
};
