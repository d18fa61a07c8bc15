/** Millionths as a decimal number, exact: `1.25`, `-0.000020`. */
export const moneyInWords = (micro: number): string => {
	const digits = String(Math.abs(micro)).padStart(7, '0');
	const [whole, places] = [digits.slice(0, -6), digits.slice(-6)];
	return `${micro < 0 ? '-' : ''}${whole}.${places.endsWith('0000') ? places.slice(0, 2) : places}`;
};
