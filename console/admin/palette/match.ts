import type { Command } from './commands.tsx';

/** How well it fits, lower is better: the beginning of the name, of a word, anywhere, letter by letter; null: not. */
const distance = (text: string, wanted: string): number | null => {
	const at = text.indexOf(wanted);
	if (at === 0) return 0;
	if (at > 0) return /\s/.test(text[at - 1] ?? '') ? 1 : 2;
	let from = 0;
	for (const letter of wanted.replaceAll(' ', '')) {
		const found = text.indexOf(letter, from);
		if (found === -1) return null;
		from = found + 1;
	}
	return 3;
};

/** The commands that fit what was typed, the best first. */
export const matching = (commands: readonly Command[], typed: string): readonly Command[] => {
	const wanted = typed.trim().toLowerCase();
	if (wanted === '') return commands;
	return commands
		.map((command) => ({
			command,
			at:
				distance(command.word.toLowerCase(), wanted) ??
				distance(`${command.group} ${command.word}`.toLowerCase(), wanted),
		}))
		.filter((each): each is { command: Command; at: number } => each.at !== null)
		.sort((a, b) => a.at - b.at)
		.map(({ command }) => command);
};
