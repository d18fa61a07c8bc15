/** So many files may be unstable at once; more have one cause, and that is a defect. */
const MOST_FILES = 4;

/**
 * The files to run once more by themselves, or none. A test of real processes can fail because the machine was busy with
 * something else; a property that found a counterexample, a file that does not load, and an error outside any test are
 * defects whatever a second run says.
 */
export const filesToTryAgain = (failures) => {
	const files = new Set(failures.map(({ file }) => file));
	if (files.size > MOST_FILES) return [];
	const isDefect = ({ file, what, why }) =>
		file === null || what === 'the file itself' || why.startsWith('Property failed');
	return failures.some(isDefect) ? [] : [...files];
};
