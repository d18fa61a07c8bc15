import type { UsageCut } from '../../../shared/protocol/usage.ts';
import type { ChartData } from '../../kit/charts/series.ts';

const STEP_MS = { hour: 3_600_000, day: 86_400_000 } as const;
const VALUE = { cost: 'amountMicro', cpu: 'cpuMs', tasks: 'tasks' } as const;

/** A cut by time as a line; when nothing was used it is at zero, and what is still to come is not shown. */
export const overTime = (
	cut: Pick<UsageCut, 'by' | 'from' | 'to' | 'items'>,
	measure: keyof typeof VALUE,
	name: string,
	now = Date.now(),
): ChartData => {
	const step = STEP_MS[cut.by === 'hour' ? 'hour' : 'day'];
	const values = new Map(cut.items.map((item) => [Date.parse(item.key ?? ''), item[VALUE[measure]]]));
	const times: number[] = [];
	const end = Math.min(Date.parse(cut.to), now);
	for (let at = Math.floor(Date.parse(cut.from) / step) * step; at < end; at += step) times.push(at);
	return {
		times: times.map((at) => at / 1_000),
		series: [{ name, color: 'indigo', values: times.map((at) => values.get(at) ?? 0) }],
	};
};
