/** 12 ms, 3.4 s, 2 min 5 s, 3 h 20 min, 2 d 4 h: two parts at most, and only one where the other is nothing. */
export const durationInWords = (ms: number): string => {
	if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
	if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1_000);
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3_600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
	const minutes = Math.round(ms / 60_000);
	if (minutes < 1_440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
	const hours = Math.round(ms / 3_600_000);
	return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
};

const pair = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
	small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
