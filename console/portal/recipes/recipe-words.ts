import type { DryRun } from '../../../shared/protocol/job.ts';
import type { RecipeStep } from '../../../shared/protocol/recipe.ts';
import { type Filing, filingSchema } from '../../../shared/protocol/result.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import type { TriggerView } from '../../../shared/protocol/trigger.ts';
import { formatBytes, formatDuration, plural } from '../../kit/format.ts';

/** What a step does, as its task type calls it; a type that is not there any more has its name only. */
export const stepTitle = ({ type }: Pick<RecipeStep, 'type'>, types: readonly Manifest[]): string =>
	types.find(({ name }) => name === type)?.title ?? type;

/** `images`, `JPEG images`, `PDF files`: what a pattern stands for. */
const kindWords = (pattern: string): string => {
	if (pattern === '*/*') return 'files of any kind';
	const [kind = '', subtype = ''] = pattern.split('/');
	if (subtype === '*') return kind === 'image' ? 'images' : `${kind} files`;
	return pattern;
};

export const kindsInWords = (patterns: readonly string[]): string => patterns.map(kindWords).join(', ');

/** Where outputs go. */
export const filingWords = (filing: Filing | undefined): string => {
	if (filing === undefined || filing.place === 'keep') return 'Outputs stay with the task';
	return filing.place === 'beside' ? 'Outputs go beside the file' : `Outputs go into ${filing.folder}`;
};

/** Why it cannot be saved; null when it can. */
export const filingFault = (filing: Filing): string | null =>
	filingSchema.safeParse(filing).success ? null : 'Write the whole path of the folder, such as /results.';

const EVENT_WORDS: Record<string, string> = {
	upload: 'a new file comes',
	update: 'a file changes',
	'update,upload': 'a file comes or changes',
	access: 'somebody looks at a file',
};

/** `When a file comes or changes in /photos or below`. */
export const triggerSentence = ({
	events,
	folder,
	recursive,
}: Pick<TriggerView, 'events' | 'folder' | 'recursive'>) => {
	const event = EVENT_WORDS[[...events].sort().join()] ?? events.join(', ');
	const where = folder === '/' && recursive ? 'anywhere' : `in ${folder}${recursive ? ' or below' : ''}`;
	return `When ${event} ${where}`;
};

/** `1,204 files, 3,612 tasks, 2.3 GB to read, about 4 min on the machines`. */
export const dryRunSentence = ({ files, tasks, isWhole, bytesIn, cost }: DryRun): string => {
	const least = isWhole ? '' : 'At least ';
	if (tasks === 0)
		return files === 0 ? 'No file is there now.' : `${least}${plural(files, 'file')}, and none of them fits.`;
	const time = cost.tasksOfUnknownType === tasks ? 'no idea yet how long' : `about ${formatDuration(cost.wallMs)}`;
	return `${least}${plural(files, 'file')}, ${plural(tasks, 'task')}, ${formatBytes(bytesIn)} to read, ${time} on the machines.`;
};

/** When the first of them starts, as far as that is known: `The first starts in 2.0 s to 1 min.` */
export const startSentence = ({ waits }: Pick<DryRun, 'waits'>): string | null => {
	const ranges = waits.flatMap(({ range }) => range ?? []);
	const [first] = ranges.sort((a, b) => a.toMs - b.toMs);
	if (!first) return null;
	const [from, to] = [formatDuration(first.fromMs), formatDuration(first.toMs)];
	return from === to ? `The first starts in about ${to}.` : `The first starts in ${from} to ${to}.`;
};

/** Kinds as somebody writes them: `image/*, text/plain`. */
export const patternsOf = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '');

/** A folder as somebody writes it, as the server takes it. */
export const wholeFolder = (text: string): string => {
	const path = text.trim().startsWith('/') ? text.trim() : `/${text.trim()}`;
	return path === '/' ? path : path.replace(/\/+$/, '') || '/';
};
