/** `12.5` or `-0.25` as millionths, exact, where a floating-point number would not be; null for what is no amount. */
export const readMoney = (text: string): number | null => {
	const [, sign, whole, places = ''] = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text.trim()) ?? [];
	if (whole === undefined) return null;
	const micro = Number(whole) * 1_000_000 + Number(places.padEnd(6, '0'));
	return sign === '-' && micro !== 0 ? -micro : micro;
};
