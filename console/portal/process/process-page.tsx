import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { formatCount, plural } from '../../kit/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { useSearchParam } from '../shell/use-search-param.ts';
import { fitOf } from './fit.ts';
import classes from './process.module.css';
import { ProcessForm } from './process-form.tsx';
import type { SelectedFile } from './selected-files.ts';
import { TypeChoice } from './type-choice.tsx';
import { useSelectedFiles } from './use-selected-files.ts';

const toFiles = (
	<Button component={Link} to="/files">
		To the files
	</Button>
);

/** Files are processed: what is to be done with them, how, how soon, and what that comes to. */
export const ProcessPage = () => {
	useTitle('Process');
	const selection = useSelectedFiles();
	switch (selection.kind) {
		case 'none':
			return (
				<EmptyState isPage icon="zap" title="No files are chosen" actions={toFiles}>
					Select files in the list, then press “Process…”.
				</EmptyState>
			);
		case 'gone':
			return (
				<EmptyState isPage icon="search" title="These files are not there" actions={toFiles}>
					They may be in the trash, or the selection was made in another tab. Select them again.
				</EmptyState>
			);
		case 'reading':
			return <LoadingState what="the files" />;
		case 'failed':
			return <ErrorState error={selection.error} what="The files cannot be read" onRetry={selection.retry} />;
		case 'there':
			return <Choices files={selection.files} missing={selection.missing} />;
	}
};

const NAMED = 6;

const namesOf = (files: readonly SelectedFile[]): string => {
	const names = files.slice(0, NAMED).map(({ name }) => name);
	const more = files.length - names.length;
	return `${names.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
};

const Choices = ({ files, missing }: { files: readonly SelectedFile[]; missing: number }) => {
	const [chosen, choose] = useSearchParam('type');
	const types = useTaskTypes();
	const type = types.data?.items.find(({ name }) => name === chosen);
	const isFit = type !== undefined && fitOf(type, files).reason === null;
	return (
		<div className={classes.page}>
			<h1 className={classes.title}>Process {files.length === 1 ? '1 file' : plural(files.length, 'file')}</h1>
			<p className={classes.names}>{namesOf(files)}</p>
			{missing > 0 && (
				<p className={classes.names} role="status">
					{plural(missing, 'file is', 'files are')} not there any more and left out.
				</p>
			)}
			<section className={classes.step} aria-labelledby="process-type">
				<h2 id="process-type">What to do</h2>
				{types.isError ? (
					<ErrorState error={types.error} what="The task types cannot be read" onRetry={() => void types.refetch()} />
				) : types.data === undefined ? (
					<LoadingState what="the task types" rows={3} />
				) : (
					<TypeChoice types={types.data.items} files={files} chosen={isFit ? chosen : ''} onChoose={choose} />
				)}
			</section>
			{isFit && <ProcessForm key={`${type.name} ${type.version}`} type={type} files={files} />}
		</div>
	);
};
