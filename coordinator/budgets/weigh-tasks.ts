import type { Estimate } from '../../shared/protocol/budget.ts';
import { fits, leftOf } from './fits.ts';
import type { TaskForecast } from './forecast-store.ts';
import type { Standing } from './standing-store.ts';

/** Where nothing is known of how far tasks of a type differ: half and double of what is expected, or anything below. */
const spreadOf = ({ spread, amountMicro, basedOn }: TaskForecast): { low: number; high: number } => {
	const amount = amountMicro ?? 0;
	if (spread) return { low: Math.min(spread.low, amount), high: Math.max(spread.high, amount) };
	return { low: basedOn === 'default' ? 0 : Math.floor(amount / 2), high: amount * 2 };
};

/** What tasks together are expected to cost, and what budgets would say to that now. */
export const weighTasks = (
	kinds: readonly { forecast: TaskForecast; count: number }[],
	currency: string | null,
): Estimate => {
	const sum = (of: (forecast: TaskForecast) => number): number =>
		kinds.reduce((all, { forecast, count }) => all + of(forecast) * count, 0);
	const asked = new Map<number, { standing: Standing; more: number }>();
	for (const { forecast, count } of kinds) {
		for (const standing of forecast.counting) {
			const { more = 0 } = asked.get(standing.seq) ?? {};
			asked.set(standing.seq, { standing, more: more + (forecast.amountMicro ?? 0) * count });
		}
	}
	const budgets = [...asked.values()].map(({ standing, more }) => ({
		...{ id: standing.id, owner: { kind: standing.kind, id: standing.ownerId, name: standing.name } },
		...{ leftMicro: leftOf(standing), action: standing.action, fits: fits(standing, more) },
	}));
	const without = budgets.filter((budget) => !budget.fits && budget.action !== 'warn');
	const isRefused = without.some(({ action }) => action === 'stop');
	return {
		currency,
		amountMicro: sum(({ amountMicro }) => amountMicro ?? 0),
		low: sum((forecast) => spreadOf(forecast).low),
		high: sum((forecast) => spreadOf(forecast).high),
		basedOn: kinds.every(({ forecast }) => forecast.basedOn === 'history') ? 'history' : 'default',
		tasks: sum(() => 1),
		samples: Math.min(...kinds.map(({ forecast }) => forecast.samples)),
		cpuMs: sum(({ quantities }) => quantities.userUs + quantities.systemUs) / 1_000,
		wallMs: sum(({ quantities }) => quantities.wallUs) / 1_000,
		budgets,
		verdict: without.length === 0 ? 'runs' : isRefused ? 'refused' : 'held',
	};
};
