import { cameInWords, leftInWords, notExactInWords } from '../../../shared/stay-words.ts';
import { catalogue } from '../../kit/words.ts';

/** How one time in line began and ended, as the command line says it too. */
export const stayWords = catalogue('task-stay', {
	...{ came: cameInWords, left: leftInWords, notExact: notExactInWords },
});
