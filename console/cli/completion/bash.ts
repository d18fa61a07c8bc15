import type { DescribedCommand } from './describe.ts';

const words = (list: readonly string[]): string => `"${list.join(' ')}"`;

const valuesCase = ({ name, options }: DescribedCommand): string[] =>
	options
		.filter(({ hasValue }) => hasValue)
		.map(({ flags, choices }) => {
			const patterns = flags.map((flag) => `${name}:${flag}`).join('|');
			const act =
				choices.length > 0 ? `mapfile -t COMPREPLY < <(compgen -W ${words(choices)} -- "$cur")` : 'compopt -o default';
			return `\t\t${patterns}) ${act}; return ;;`;
		});

/** A script for bash 4.4 or newer that needs nothing else. */
export const bashCompletion = (commands: readonly DescribedCommand[]): string => {
	const names = commands.map(({ name }) => name);
	const flags = commands.map(
		({ name, options }) => `\t\t${name}) flags=${words(options.flatMap((one) => one.flags))} ;;`,
	);
	const choices = commands
		.filter((command) => command.choices.length > 0)
		.map(({ name, choices: list }) => `\t\t${name}) list=${words(list)} ;;`);
	const files = commands.filter(({ takesFiles }) => takesFiles).map(({ name }) => name);
	return `# Completes the command line of millrace. Made by: millrace completion bash
_millrace() {
	local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= flags= list= i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ \${COMP_WORDS[i]} != -* ]]; then
			command=\${COMP_WORDS[i]}
			break
		fi
	done
	if [[ -z $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W ${words([...names, '--help', '--version'])} -- "$cur")
		return
	fi
	case "$command:$prev" in
${commands.flatMap(valuesCase).join('\n')}
	esac
	case $command in
${flags.join('\n')}
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
		return
	fi
	case $command in
${choices.join('\n')}
		${files.join('|')}) compopt -o default ;;
	esac
	if [[ -n $list ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$list" -- "$cur")
	fi
}
complete -F _millrace millrace
`;
};
