import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { formatCount, plural } from '../../kit/format.ts';
import { countInWords, type Fit, type Spread } from './fit.ts';
import type { Work } from './work.ts';

export const WHENS = ['now', 'upload', 'schedule'] as const;
export type When = (typeof WHENS)[number];

/** Files of one task of a schedule, and of a recipe that is run by one; as the server takes them. */
const MOST_IN_TASK = 100;
const MOST_IN_RECIPE = 1_000;

/** Why a recipe cannot do it; null when it can. */
export const recipeFault = ({ title, inputs: { min, max }, secrets }: Manifest): string | null => {
	const secret = secrets.find(({ required }) => required);
	if (secret) return `${title} needs the secret “${secret.title}”, which a recipe cannot give it.`;
	if (max === 0) return `${title} takes no files.`;
	return min <= 1 ? null : `A recipe works on one file at a time, and ${title} takes ${min} at least.`;
};

/** A schedule runs one task each time, or where there are to be several, a recipe. */
export const isOfRecipe = (work: Work, fit: Fit, spread: Spread): boolean =>
	work.kind === 'folder' || (spread === 'each' && fit.files.length > 1);

/** Why it cannot be started so; null when it can. */
export const whenFault = (when: When, type: Manifest, work: Work, fit: Fit, spread: Spread): string | null => {
	if (when === 'now') return null;
	if (when === 'upload') return work.kind === 'dataset' ? 'A dataset does not change by uploads.' : recipeFault(type);
	const { length } = fit.files;
	if (!isOfRecipe(work, fit, spread)) {
		return length > MOST_IN_TASK ? `One task of a schedule takes ${MOST_IN_TASK} files at most.` : null;
	}
	if (work.kind === 'dataset') {
		return `Of a dataset, each run of a schedule is one task. ${type.title} takes ${countInWords(type)}, and ${plural(length, 'is', 'are')} chosen.`;
	}
	return length > MOST_IN_RECIPE ? `A schedule takes ${formatCount(MOST_IN_RECIPE)} files at most.` : recipeFault(type);
};
