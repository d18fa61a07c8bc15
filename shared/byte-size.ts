const UNITS: Readonly<Record<string, number>> = {
	'': 1,
	B: 1,
	KB: 1e3,
	MB: 1e6,
	GB: 1e9,
	TB: 1e12,
	KIB: 2 ** 10,
	MIB: 2 ** 20,
	GIB: 2 ** 30,
	TIB: 2 ** 40,
};

/** Bytes from a text such as `500000000`, `2GB` or `1.5 GiB`; null when it is none. */
export const parseByteSize = (text: string): number | null => {
	const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b?)$/i.exec(text.trim());
	if (!match) return null;
	const [, number = '', letters = ''] = match;
	const unit = letters.toUpperCase();
	const factor = UNITS[unit.endsWith('B') || unit === '' ? unit : `${unit}B`];
	return factor === undefined ? null : Math.floor(Number(number) * factor);
};
