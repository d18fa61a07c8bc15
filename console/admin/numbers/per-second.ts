import { formatCount } from '../../kit/format.ts';

/** How often something happens: 0/s, <0.1/s, 2.5/s, 1,200/s. */
export const perSecond = (rate: number): string => {
	if (rate === 0) return '0/s';
	if (rate < 0.1) return '<0.1/s';
	return `${rate < 9.95 ? rate.toFixed(1) : formatCount(Math.round(rate))}/s`;
};
