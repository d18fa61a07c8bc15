/** Jain's index of fairness: 1 when all are equal, 1/n when one has everything. Of nobody it is 1. */
export const jain = (values: readonly number[]): number => {
	const sum = values.reduce((a, b) => a + b, 0);
	const squares = values.reduce((a, b) => a + b * b, 0);
	return squares === 0 ? 1 : sum ** 2 / (values.length * squares);
};
