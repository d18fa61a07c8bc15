/** What a source may take in a month; null: no cap. Money in millionths. */
export interface Caps {
	mostItems: number | null;
	mostSpendMicros: number | null;
	priceMicros: number;
}

/** What a month has taken, and what runs that have not ended may still take of it. */
export interface Use {
	items: number;
	spendMicros: number;
	reserved: number;
	reservedMicros: number;
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));

/** Items that may still be read; null: any number. A cap that was lowered below what was taken leaves none. */
export const leftOf = ({ mostItems, mostSpendMicros, priceMicros }: Caps, use: Use): number | null => {
	const byItems = mostItems === null ? null : mostItems - use.items - use.reserved;
	const bySpend =
		mostSpendMicros === null || priceMicros === 0
			? null
			: Math.floor((mostSpendMicros - use.spendMicros - use.reservedMicros) / priceMicros);
	const left = least(byItems, bySpend);
	return left === null ? null : Math.max(0, left);
};

/** Items that one run may bring: as many as may still be read, and as its parameters say. */
export const mostOfRun = (left: number | null, parameters: { maxItems?: unknown }): number | null => {
	const { maxItems } = parameters;
	return least(left, Number.isSafeInteger(maxItems) && (maxItems as number) > 0 ? (maxItems as number) : null);
};
