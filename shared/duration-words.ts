/** 95,000 -> `1 min 35 s`: two parts at most. */
export const durationInWords = (ms: number): string => {
	if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
	if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1_000);
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
	return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
};
