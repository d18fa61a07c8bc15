import type { DescribedCommand, DescribedOption } from './describe.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** In the specifications of zsh's own functions, brackets and colons mean something. */
const bare = (text: string): string => text.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);

const optionSpecs = ({ flags, description, hasValue, choices }: DescribedOption): string[] => {
	const value = hasValue ? `:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}` : '';
	return flags.map((flag) => quoted(`*${flag}[${bare(description)}]${value}`));
};

const commandCase = ({ name, options, choices, takesFiles }: DescribedCommand): string => {
	const argument = choices.length > 0 ? `(${choices.join(' ')})` : takesFiles ? '_files' : ' ';
	const specs = [...options.flatMap(optionSpecs), quoted(`*:argument:${argument}`)];
	return `\t\t${name})\n\t\t\t_arguments -s \\\n${specs.map((spec) => `\t\t\t\t${spec}`).join(' \\\n')}\n\t\t\t;;`;
};

/** A script for zsh's completion system. */
export const zshCompletion = (commands: readonly DescribedCommand[]): string => `#compdef millrace
# Completes the command line of millrace. Made by: millrace completion zsh
_millrace() {
	local -a commands
	commands=(
${commands.map(({ name, description }) => `\t\t${quoted(`${name}:${bare(description)}`)}`).join('\n')}
	)
	if ((CURRENT == 2)); then
		_describe command commands
		return
	fi
	local command=$words[2]
	shift words
	((CURRENT--))
	case $command in
${commands.map(commandCase).join('\n')}
	esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
	_millrace "$@"
else
	compdef _millrace millrace
fi
`;
