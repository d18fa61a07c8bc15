import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { formatBytes, plural } from '../../kit/format.ts';
import { filingWords, kindsInWords, patternsOf, triggerSentence } from '../recipes/recipe-words.ts';
import type { Start } from './equivalents.ts';
import { Estimate } from './estimate.tsx';
import { inputsOf } from './fit.ts';
import classes from './process.module.css';
import { isJob, triggerOf, type Wish } from './wish.ts';
import { filesOf } from './work.ts';

interface ReviewProps {
	type: Manifest;
	wish: Wish;
	start: Start;
	/** Whether the settings are such that it could start. */
	fits: boolean;
}

/** What is about to happen, plainly: what is made, of how much, what is left out and why, at what cost. */
export const Review = ({ type, wish, start, fits }: ReviewProps) => {
	const puts = type.outputs.some(({ role }) => role === 'file');
	const outputs = puts ? ` ${filingWords(wish.filing)}.` : '';
	return (
		<>
			<Sentence type={type} wish={wish} start={start} outputs={outputs} />
			{start.when !== 'upload' && <LeftOut type={type} wish={wish} />}
			<Estimate
				type={type}
				wish={start.when === 'upload' ? { ...wish, work: { kind: 'folder', folder: start.folder } } : wish}
				fits={fits && (start.when !== 'upload' || start.folder.trim() !== '')}
				title={
					start.when === 'now'
						? 'This comes to'
						: start.when === 'upload'
							? 'Of the files that are there now, it would fit; what comes is not known'
							: 'Each run comes to'
				}
			/>
		</>
	);
};

const inFolder = ({ recursive, kinds }: Wish, folder: string): string => {
	const of = patternsOf(kinds);
	return `all files in ${folder}${recursive ? ' or below' : ''}${of.length > 0 ? ` (${kindsInWords(of)})` : ''}`;
};

const allWords = (wish: Wish): string => {
	const { work, files } = wish;
	if (work.kind === 'folder') return inFolder(wish, work.folder);
	if (work.kind !== 'dataset') return `each of the ${plural(files.length, 'file')}`;
	return `all files of the dataset ${work.name}${work.under === '' ? '' : ` in ${work.under}`}`;
};

type SentenceProps = Omit<ReviewProps, 'fits'> & { outputs: string };

const Sentence = ({ type, wish, start, outputs }: SentenceProps) => {
	const { files, work, serviceClass } = wish;
	if (start.when === 'upload') {
		const { folder = '/', recursive = true, events = [], mediaTypes } = triggerOf(wish, start.folder);
		return (
			<div className={classes.plan}>
				<p>This makes two things, which you can change and delete afterwards:</p>
				<ul>
					<li>
						the recipe <strong>{start.name.trim() || '…'}</strong> with one step: {type.title}.{outputs}
					</li>
					<li>
						its trigger: <strong>{triggerSentence({ events, folder, recursive })}</strong>
						{mediaTypes && `, for ${kindsInWords(mediaTypes)}`}
						{serviceClass !== null && `, in the class ${serviceClass}`}.
					</li>
				</ul>
			</div>
		);
	}
	const all = allWords(wish);
	if (start.when === 'schedule' && start.ofRecipe) {
		const name = <strong>{start.name.trim() || '…'}</strong>;
		return (
			<div className={classes.plan}>
				<p>This makes two things, which you can change and delete afterwards:</p>
				<ul>
					<li>
						the recipe {name} with one step: {type.title}.{outputs}
					</li>
					<li>
						the schedule {name}: it runs the recipe on {all}, as they are then
						{serviceClass !== null && `, in the class ${serviceClass}`}.
					</li>
				</ul>
			</div>
		);
	}
	if (isJob(wish)) {
		return (
			<p className={classes.sentence}>
				<strong>A job</strong>: {type.title} on {all},{' '}
				{work.kind === 'dataset' ? `in its version ${work.version}` : 'as they are now'}.{outputs}
			</p>
		);
	}
	const size = formatBytes(files.reduce((sum, file) => sum + file.size, 0));
	const on = work.kind === 'nothing' ? '' : ` on ${plural(files.length, 'file')}, ${size} in all`;
	if (start.when === 'schedule') {
		return (
			<p className={classes.sentence}>
				<strong>A schedule</strong>: each time one task of {type.title}
				{on}, as they are then.{outputs}
			</p>
		);
	}
	const tasks = work.kind === 'nothing' ? 1 : inputsOf(files, wish.spread).length;
	return (
		<p className={classes.sentence}>
			<strong>{plural(tasks, 'task')}</strong> of {type.title}
			{on}.{outputs}
		</p>
	);
};

const LeftOut = ({ type, wish }: Pick<ReviewProps, 'type' | 'wish'>) => {
	const all = filesOf(wish.work);
	const left = all.length - wish.files.length;
	if (left === 0) return null;
	const taken = new Set(wish.files);
	const example = all.find((file) => !taken.has(file));
	return (
		<p className={classes.sentence}>
			{plural(left, 'file is', 'files are')} left out: {type.title} does not take {left === 1 ? 'its' : 'their'} kind
			{example && ` (${left === 1 ? '' : 'such as '}${example.name}, ${example.mediaType ?? 'unknown'})`}.
		</p>
	);
};
