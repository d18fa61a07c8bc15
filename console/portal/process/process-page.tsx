import { Button } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { plural } from '../../kit/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { wholeFolder } from '../recipes/recipe-words.ts';
import { AgainWork } from './again-work.tsx';
import { Choices } from './choices.tsx';
import { DatasetWork } from './dataset-work.tsx';
import { useSelectedFiles } from './use-selected-files.ts';

const toFiles = (
	<Button component={Link} to="/files">
		To the files
	</Button>
);

/** Files are processed: what is to be done with them, when, how soon, and what that comes to. */
export const ProcessPage = () => {
	useTitle('Process');
	const [params] = useSearchParams();
	const again = params.get('again');
	const dataset = params.get('dataset');
	const folder = params.get('folder');
	// Other work is another page: what was chosen for the one is not for the other.
	if (again) return <AgainWork key={again} id={again} />;
	if (dataset) return <DatasetWork key={dataset} name={dataset} path={params.get('path') ?? ''} />;
	if (folder) return <Choices key={folder} work={{ kind: 'folder', folder: wholeFolder(folder) }} />;
	if (params.get('without') === 'files') return <Choices key="nothing" work={{ kind: 'nothing' }} />;
	return <FilesWork />;
};

const FilesWork = () => {
	const selection = useSelectedFiles();
	switch (selection.kind) {
		case 'none':
			return (
				<EmptyState
					isPage
					icon="zap"
					title="No files are chosen"
					actions={
						<>
							{toFiles}
							<Button component={Link} to="/process?without=files" variant="default">
								Run something that needs no files
							</Button>
						</>
					}
				>
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
		case 'there': {
			const { files, missing, left } = selection;
			const notes = [
				missing > 0 && `${plural(missing, 'file is', 'files are')} not there any more and left out.`,
				left > 0 &&
					`${plural(left, 'more file was', 'more files were')} selected than one submission takes; process them afterwards.`,
			].filter((note) => note !== false);
			return <Choices work={{ kind: 'files', files }} notes={notes} />;
		}
	}
};
