import { formatCount, plural } from '../../kit/format.ts';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { fitOf } from './fit.ts';
import classes from './process.module.css';
import { ProcessForm } from './process-form.tsx';
import { TypeChoice } from './type-choice.tsx';
import { useDraft } from './use-draft.ts';
import { filesOf, type Work } from './work.ts';

const NAMED = 6;

const namesOf = (work: Work): string => {
	const files = filesOf(work);
	const names = files.slice(0, NAMED).map(({ name }) => name);
	const more = files.length - names.length;
	return `${names.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
};

const titleOf = (work: Work): string => {
	if (work.kind === 'folder') return work.folder === '/' ? 'Process all files' : `Process the folder ${work.folder}`;
	return work.kind === 'nothing' ? 'Run without files' : `Process ${plural(filesOf(work).length, 'file')}`;
};

/** What is done with the work: the type first, then what belongs to it. `notes` tell what else there is to know of the files. */
export const Choices = ({ work, notes = [] }: { work: Work; notes?: readonly string[] }) => {
	const [draft, change] = useDraft();
	const types = useTaskTypes();
	const type = types.data?.items.find((one) => one.name === draft.type && !one.source);
	const isFit = type !== undefined && fitOf(type, work).reason === null;
	const names = namesOf(work);
	return (
		<div className={classes.page}>
			<h1 className={classes.title}>{titleOf(work)}</h1>
			{names !== '' && <p className={classes.names}>{names}</p>}
			{notes.map((note) => (
				<p key={note} className={classes.names} role="status">
					{note}
				</p>
			))}
			<section className={classes.step} aria-labelledby="process-type">
				<h2 id="process-type">What to do</h2>
				{types.isError ? (
					<ErrorState error={types.error} what="The task types cannot be read" onRetry={() => void types.refetch()} />
				) : types.data === undefined ? (
					<LoadingState what="the task types" rows={3} />
				) : (
					<TypeChoice
						types={types.data.items}
						work={work}
						chosen={isFit ? draft.type : ''}
						onChoose={(name) => change({ type: name, settings: {}, spread: null })}
					/>
				)}
			</section>
			{isFit && (
				<ProcessForm key={`${type.name} ${type.version}`} type={type} work={work} draft={draft} onChange={change} />
			)}
		</div>
	);
};
