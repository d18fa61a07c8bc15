import { catalogue } from '../../kit/words.ts';

export const words = catalogue('accounting', {
	months: 'Months',
	before: (month: string) => `${month}, the month before`,
	after: (month: string) => `${month}, the month after`,
	noLater: 'There is no later month yet',
});
