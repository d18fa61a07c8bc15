import { useQuery } from '@tanstack/react-query';
import { readOwnBudgets } from '../../../shared/client/budgets.ts';
import { readOwnPolicy } from '../../../shared/client/service-classes.ts';
import { readMe } from '../../../shared/client/session.ts';
import { readStatement } from '../../../shared/client/statements.ts';
import { readOwnUsage, readUsageByFile, readUsageByTask } from '../../../shared/client/usage.ts';
import { currentMonth, periodOfMonth } from '../../kit/month.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

/** A month that goes on is read again now and then; one that is over stays as it is. */
const EVERY_MS = 60_000;
const LISTED = 10;

const paceOf = (month: string) => (month === currentMonth() ? { refetchInterval: EVERY_MS } : {});

/** What was used by day and kind of work. */
export const useUsage = (month: string) =>
	useQuery({
		queryKey: keys.usage(month),
		queryFn: ({ signal }) => readOwnUsage(http, periodOfMonth(month), { signal }),
		...paceOf(month),
	});

/** The month's statement: prices, currency, corrections. */
export const useStatement = (month: string) =>
	useQuery({
		queryKey: keys.statement(month),
		queryFn: ({ signal }) => readStatement(http, month, 'own', { signal }),
		...paceOf(month),
	});

export const useUsageByTask = (month: string) =>
	useQuery({
		queryKey: keys.usageByTask(month),
		queryFn: ({ signal }) => readUsageByTask(http, { ...periodOfMonth(month), limit: LISTED }, { signal }),
	});

export const useUsageByFile = (month: string) =>
	useQuery({
		queryKey: keys.usageByFile(month),
		queryFn: ({ signal }) => readUsageByFile(http, { ...periodOfMonth(month), limit: LISTED }, { signal }),
	});

/** What one's files take now, and how much they may. */
export const useStorage = () =>
	useQuery({ queryKey: keys.storage, queryFn: async ({ signal }) => (await readMe(http, { signal })).storage });

/** Bytes up and down together that one may transfer in a month; null: as many as one likes, or it is not known yet. */
export const useTransferLimit = (): number | null => {
	const { data } = useQuery({
		queryKey: keys.policy,
		queryFn: ({ signal }) => readOwnPolicy(http, { signal }),
		staleTime: 60_000,
	});
	const found = data?.values.find(({ path }) => path.endsWith('transferBytesPerMonth'))?.value;
	return typeof found === 'number' ? found : null;
};

/** What one, one's groups and one's class may spend in this month. */
export const useBudgets = () =>
	useQuery({
		queryKey: keys.budgets,
		queryFn: ({ signal }) => readOwnBudgets(http, { signal }),
		refetchInterval: EVERY_MS,
	});
