import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { plural } from '../../kit/format.ts';
import { countInWords, type Fit } from './fit.ts';
import type { Work } from './work.ts';

export const WHENS = ['now', 'upload', 'schedule'] as const;
export type When = (typeof WHENS)[number];

/** Inputs of a schedule, as the server takes them. */
const MOST_SCHEDULED = 100;

/** Why a recipe cannot do it; null when it can. */
export const recipeFault = ({ title, inputs: { min, max }, secrets }: Manifest): string | null => {
	const secret = secrets.find(({ required }) => required);
	if (secret) return `${title} needs the secret “${secret.title}”, which a recipe cannot give it.`;
	if (max === 0) return `${title} takes no files.`;
	return min <= 1 ? null : `A recipe works on one file at a time, and ${title} takes ${min} at least.`;
};

/** Why it cannot be started so; null when it can. */
export const whenFault = (when: When, type: Manifest, work: Work, fit: Fit): string | null => {
	if (when === 'now') return null;
	if (when === 'upload') {
		if (work.kind === 'dataset') return 'A dataset does not change by uploads.';
		return recipeFault(type);
	}
	if (work.kind === 'folder') return 'A schedule needs named files: select those of the folder, then process them.';
	if (work.kind === 'nothing') return null;
	if (fit.files.length > MOST_SCHEDULED) return `A schedule takes ${MOST_SCHEDULED} files at most.`;
	if (fit.canTogether) return null;
	return `Each run of a schedule is one task. ${type.title} takes ${countInWords(type)}, and ${plural(fit.files.length, 'is', 'are')} chosen.`;
};
