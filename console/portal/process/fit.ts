import { fitsPattern } from '../../../shared/media-type-pattern.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { plural } from '../../kit/format.ts';
import { type ChosenFile, filesOf, type Work } from './work.ts';

type Takes = Pick<Manifest, 'inputs'>;

export interface Fit {
	/** Those of the files that the type takes, in their order. */
	files: readonly ChosenFile[];
	/** Why it cannot be used for these files at all; null: it can. */
	reason: string | null;
	/** It may be one task for all of them. */
	canTogether: boolean;
	/** It may be a task for each. */
	canEach: boolean;
}

/** Whether a type takes a file; of what is not known yet the task itself judges. */
const takes = ({ inputs }: Takes, { mediaType }: ChosenFile): boolean =>
	mediaType === null || inputs.mediaTypes.some((pattern) => fitsPattern(mediaType, pattern));

const kindsInWords = (patterns: readonly string[]): string =>
	patterns.map((pattern) => pattern.replace('/*', ' files').replace(/^image\//, '')).join(', ');

/** How many files it takes: `1 file`, `2 to 9 files`. */
export const countInWords = ({ inputs: { min, max } }: Takes): string =>
	min === max ? plural(min, 'file') : `${min} to ${plural(max, 'file')}`;

/** What of a selection a task type can work on, by the rules that the coordinator goes by. */
export const fitOf = (type: Takes, work: Work): Fit => {
	const { min, max, mediaTypes } = type.inputs;
	const files = filesOf(work).filter((file) => takes(type, file));
	const canEach = work.kind !== 'nothing' && min <= 1 && max >= 1;
	const canTogether = work.kind !== 'folder' && files.length >= min && files.length <= max;
	const reasonOf = (): string | null => {
		if (work.kind === 'nothing') return min === 0 ? null : `Takes ${countInWords(type)}.`;
		if (max === 0) return 'Takes no files.';
		if (work.kind === 'folder') return canEach ? null : `Takes ${countInWords(type)} at once, which must be named.`;
		if (files.length === 0) return `Takes ${kindsInWords(mediaTypes)} only.`;
		return canTogether || canEach ? null : `Takes ${countInWords(type)}.`;
	};
	return { files, reason: reasonOf(), canTogether, canEach };
};

export type Spread = 'each' | 'together';

/** How files are given out unless somebody says otherwise: one by one where a type takes one. */
export const usualSpread = ({ canTogether, canEach, files }: Fit, { inputs }: Takes): Spread =>
	canTogether && (inputs.max > 1 || !canEach || files.length === 1) ? 'together' : 'each';

/** The inputs of each task. */
export const inputsOf = (files: readonly ChosenFile[], spread: Spread): ChosenFile[][] =>
	spread === 'together' ? [[...files]] : files.map((file) => [file]);
