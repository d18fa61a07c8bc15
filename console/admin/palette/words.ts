import { catalogue } from '../../kit/words.ts';

export const words = catalogue('palette', {
	nothingCalled: (name: string) => `Nothing is called “${name}”.`,
	commandPalette: 'Command palette',
	command: 'Command',
	hint: 'Where to, or what to do?',
	commands: 'Commands',
});
