import { fitsPattern } from '../../../shared/media-type-pattern.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { plural } from '../../kit/format.ts';
import type { SelectedFile } from './selected-files.ts';

type Takes = Pick<Manifest, 'inputs'>;

export interface Fit {
	/** Those of the files that the type takes, in their order. */
	files: readonly SelectedFile[];
	/** Why it cannot be used for these files at all; null: it can. */
	reason: string | null;
	/** It may be one task for all of them. */
	canTogether: boolean;
	/** It may be a task for each. */
	canEach: boolean;
}

/** Whether a type takes a file; of what is not known yet the task itself judges. */
const takes = ({ inputs }: Takes, { mediaType }: SelectedFile): boolean =>
	mediaType === null || inputs.mediaTypes.some((pattern) => fitsPattern(mediaType, pattern));

const kindsInWords = (patterns: readonly string[]): string =>
	patterns.map((pattern) => pattern.replace('/*', ' files').replace(/^image\//, '')).join(', ');

/** What of a selection a task type can work on, by the rules that the coordinator goes by. */
export const fitOf = (type: Takes, selected: readonly SelectedFile[]): Fit => {
	const { min, max, mediaTypes } = type.inputs;
	const files = selected.filter((file) => takes(type, file));
	const canTogether = files.length >= min && files.length <= max;
	const canEach = min <= 1 && max >= 1;
	const reasonOf = (): string | null => {
		if (max === 0) return 'Takes no files.';
		if (files.length === 0) return `Takes ${kindsInWords(mediaTypes)} only.`;
		if (canTogether || canEach) return null;
		return `Takes ${min === max ? plural(min, 'file') : `${min} to ${plural(max, 'file')}`}.`;
	};
	return { files, reason: reasonOf(), canTogether, canEach };
};

export type Spread = 'each' | 'together';

/** How files are given out unless somebody says otherwise: one by one where a type takes one. */
export const usualSpread = ({ canTogether, canEach, files }: Fit, { inputs }: Takes): Spread =>
	canTogether && (inputs.max > 1 || !canEach || files.length === 1) ? 'together' : 'each';

/** The inputs of each task. */
export const inputsOf = (files: readonly SelectedFile[], spread: Spread): SelectedFile[][] =>
	spread === 'together' ? [[...files]] : files.map((file) => [file]);
