import { InvalidArgumentError } from 'commander';

/** A parser of commander's for whole numbers in a range. */
export const wholeNumber =
	(least: number, most: number) =>
	(text: string): number => {
		const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
		if (!(value >= least && value <= most)) {
			throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
		}
		return value;
	};
