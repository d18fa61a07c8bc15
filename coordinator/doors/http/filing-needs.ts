import type { Filing } from '../../../shared/protocol/result.ts';

interface Filed {
	results?: Filing | undefined;
	steps?: readonly { results?: Filing | undefined }[] | undefined;
}

const FILES = { verb: 'write', kind: 'file' } as const;

const isFile = ({ results }: Pick<Filed, 'results'>): boolean => results !== undefined && results.place !== 'keep';

/** Of work whose results become files: whoever asks for it writes files. */
export const filingNeeds = (asked: Filed): typeof FILES | null =>
	isFile(asked) || asked.steps?.some(isFile) ? FILES : null;
