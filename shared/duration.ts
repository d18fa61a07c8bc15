const UNITS_MS: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1_000,
	'': 1_000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

/** Milliseconds from a text such as `90s`, `30m`, `1.5h`, `2d` or `500ms`; a bare number is seconds. Null when it is none. */
export const parseDuration = (text: string): number | null => {
	const match = /^(\d{1,12}(?:\.\d{1,6})?)\s*(ms|[smhd]?)$/.exec(text.trim());
	if (!match) return null;
	const [, number = '', unit = ''] = match;
	return Math.round(Number(number) * (UNITS_MS[unit] as number));
};
