const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** 1500 -> `1.5 kB`: powers of 1000 wherever sizes are told, as disks and downloads are sold. */
export const bytesInWords = (bytes: number): string => {
	let value = bytes;
	let unit = 0;
	// 999.5 would be shown as 1000.
	while (value >= (unit === 0 ? 1_000 : 999.5) && unit < UNITS.length - 1) {
		value /= 1_000;
		unit += 1;
	}
	const digits = unit === 0 || value >= 99.95 ? 0 : 1;
	return `${value.toFixed(digits)} ${UNITS[unit]}`;
};
