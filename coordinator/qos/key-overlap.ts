/**
 * Whether some routing key matches both patterns (AMQP topic rules). Walks all pairs of places at once, so its time goes
 * with the product of their words.
 */
export const overlap = (a: string, b: string): boolean => {
	const [left, right] = [a.split('.'), b.split('.')];
	// meets[i][j]: the rest of `left` from i and the rest of `right` from j have a key in common.
	let below: boolean[] = [];
	for (let i = left.length; i >= 0; i -= 1) {
		const row: boolean[] = [];
		for (let j = right.length; j >= 0; j -= 1) {
			const [word, other] = [left[i], right[j]];
			if (word === undefined && other === undefined) row[j] = true;
			else if (word === '#') row[j] = below[j]! || (other !== undefined && row[j + 1]!);
			else if (other === '#') row[j] = row[j + 1]! || (word !== undefined && below[j]!);
			else if (word === undefined || other === undefined) row[j] = false;
			else row[j] = (word === other || word === '*' || other === '*') && below[j + 1]!;
		}
		below = row;
	}
	return below[0]!;
};
