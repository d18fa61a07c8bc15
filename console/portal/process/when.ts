import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { formatCount } from '../../kit/format.ts';
import type { Fit, Spread } from './fit.ts';
import { isMany, type Work } from './work.ts';

export const WHENS = ['now', 'upload', 'schedule'] as const;
export type When = (typeof WHENS)[number];

/** Files of one task of a schedule, and of a recipe that is run by one; as the server takes them. */
const MOST_IN_TASK = 100;
const MOST_IN_RECIPE = 1_000;

/** Why a recipe cannot do it; null when it can. */
export const recipeFault = ({ title, inputs: { min, max } }: Manifest): string | null => {
	if (max === 0) return `${title} takes no files.`;
	return min <= 1 ? null : `A recipe works on one file at a time, and ${title} takes ${min} at least.`;
};

/** Why it cannot be started so; null when it can. */
export const whenFault = (when: When, type: Manifest, work: Work, fit: Fit, spread: Spread): string | null => {
	if (when === 'now') return null;
	if (when === 'upload') return work.kind === 'dataset' ? 'A dataset does not change by uploads.' : recipeFault(type);
	const { length } = fit.files;
	if (!isMany(work, fit.files, spread)) {
		return length > MOST_IN_TASK ? `One task of a schedule takes ${MOST_IN_TASK} files at most.` : null;
	}
	return work.kind === 'files' && length > MOST_IN_RECIPE
		? `A schedule takes ${formatCount(MOST_IN_RECIPE)} files at most.`
		: recipeFault(type);
};
