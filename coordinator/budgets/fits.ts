import type { Standing } from './standing-store.ts';

type Figures = Pick<Standing, 'amountMicro' | 'spentMicro' | 'reservedMicro' | 'warnAtPercent'>;

/** What is neither spent nor set aside, never below nothing. */
export const leftOf = ({ amountMicro, spentMicro, reservedMicro }: Figures): number =>
	Math.max(0, amountMicro - spentMicro - reservedMicro);

/** Whether so much more would be within the amount. */
export const fits = ({ amountMicro, spentMicro, reservedMicro }: Figures, more: number): boolean =>
	spentMicro + reservedMicro + more <= amountMicro;

/** Whether so much is spent and set aside that people are to be told. */
export const isNear = ({ amountMicro, spentMicro, reservedMicro, warnAtPercent }: Figures): boolean =>
	spentMicro + reservedMicro >= (amountMicro / 100) * warnAtPercent;

export const stateOf = (standing: Figures): 'ok' | 'warn' | 'full' => {
	if (leftOf(standing) === 0) return 'full';
	return isNear(standing) ? 'warn' : 'ok';
};

/** The field by which an error names the budget that has refused. */
export const REFUSED_BY = 'budget';
