import { Argument, Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { describeCommands } from '../completion/describe.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Context } from '../context.ts';

/** `millrace completion`: a script that lets the shell complete commands, options and their values. */
export const completionCommand = (context: Context, program: Command): Command =>
	new Command('completion')
		.description('print a script that completes command lines in a shell')
		.addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
		.addHelpText(
			'after',
			`
  bash:  millrace completion bash > ~/.local/share/bash-completion/completions/millrace
  zsh:   millrace completion zsh > "\${fpath[1]}/_millrace"`,
		)
		.action((shell: 'bash' | 'zsh') => {
			const commands = describeCommands(program);
			context.out.verbatim(shell === 'bash' ? bashCompletion(commands) : zshCompletion(commands));
		});
