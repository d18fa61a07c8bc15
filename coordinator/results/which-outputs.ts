import type { Manifest } from '../../shared/protocol/task-type.ts';

/** Names are unique in a task, so this is too. */
export const WITHOUT_WORD = '{stem}-{output}';

const fits = (pattern: string, name: string): boolean =>
	pattern === '*' || (pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);

/**
 * The template by which an output becomes a file; null when it stays with its task. A type that says nothing of what it
 * puts out means all of it.
 */
export const templateOf = ({ outputs }: Pick<Manifest, 'outputs'>, name: string): string | null => {
	if (outputs.length === 0) return WITHOUT_WORD;
	const told = outputs.find((output) => fits(output.name, name));
	return told?.role === 'file' ? told.fileName : null;
};
