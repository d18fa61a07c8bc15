import { fitsPattern } from '../../shared/media-type-pattern.ts';

/** Types that a file's first bytes tell (`files/sniff.ts`): whatever is looked at and is not told is none of these. */
const SNIFFED: ReadonlySet<string> = new Set([
	...['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/tiff', 'image/avif'],
]);

/** What is known of a file's type: null is not known; `isSniffed`: its first bytes were looked at. */
export interface KnownType {
	mediaType: string | null;
	isSniffed: boolean;
}

/** Whether a file of this type fits one of the patterns; `unknown` until somebody finds out what it is. */
export const mediaVerdict = (patterns: readonly string[], known: KnownType): 'yes' | 'no' | 'unknown' => {
	const { mediaType, isSniffed } = known;
	if (mediaType !== null) return patterns.some((pattern) => fitsPattern(mediaType, pattern)) ? 'yes' : 'no';
	if (patterns.includes('*/*')) return 'yes';
	return isSniffed && patterns.every((pattern) => SNIFFED.has(pattern)) ? 'no' : 'unknown';
};

/** Whether it fits both. */
export const bothVerdicts = (...verdicts: readonly ('yes' | 'no' | 'unknown')[]): 'yes' | 'no' | 'unknown' => {
	if (verdicts.includes('no')) return 'no';
	return verdicts.includes('unknown') ? 'unknown' : 'yes';
};
