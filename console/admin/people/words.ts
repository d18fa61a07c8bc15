import { catalogue } from '../../kit/words.ts';

export const words = catalogue('people', {
	person: 'Person',
	nobodyFound: 'Nobody is called so',
	anybody: 'Type a name',
});
