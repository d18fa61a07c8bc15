/** Where an entry's header and content are in the archive. */
export interface Extent {
	at: number;
	/** At least: what only its own header says is not counted. */
	bytes: number;
}

/** Whether two entries share bytes: no program writes that, and unpacking such an archive makes it thousands of times as large. */
export const hasOverlap = (extents: readonly Extent[], end: number): boolean => {
	const sorted = [...extents].sort((a, b) => a.at - b.at);
	return sorted.some(({ at, bytes }, i) => at + bytes > (sorted[i + 1]?.at ?? end));
};
