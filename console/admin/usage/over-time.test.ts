import { expect, it } from 'vitest';
import type { UsageCutItem } from '../../../shared/protocol/usage.ts';
import { overTime } from './over-time.ts';

it('a line has every day up to now, those without use at zero', () => {
	const item = (key: string, amountMicro: number) => ({ key, amountMicro }) as UsageCutItem;
	const cut = {
		...{ by: 'day' as const, from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
		items: [item('2026-03-01T00:00:00.000Z', 5), item('2026-03-03T00:00:00.000Z', 7)],
	};
	const { times, series } = overTime(cut, 'cost', 'Cost', Date.parse('2026-03-03T10:00:00Z'));
	expect(times.map((at) => new Date(at * 1_000).toISOString().slice(0, 10))).toEqual([
		...['2026-03-01', '2026-03-02', '2026-03-03'],
	]);
	expect(series[0]?.values).toEqual([5, 0, 7]);
});
