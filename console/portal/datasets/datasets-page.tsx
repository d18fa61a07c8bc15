import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from 'react-router';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { DATASET_LOOKS, readersWords, sizeWords, urlOfDataset } from './dataset-words.ts';
import classes from './datasets.module.css';
import { NewDatasetForm } from './new-dataset-form.tsx';
import { useDatasets } from './use-datasets.ts';

/** What one can work on without uploading anything, and what one has published oneself. */
export const DatasetsPage = () => {
	useTitle('Datasets');
	const navigate = useNavigate();
	const [making, dialog] = useDisclosure(false);
	const query = useDatasets();
	const { rows } = query;
	const make = (
		<Button leftSection={<Icon name="plus" size={17} />} onClick={dialog.open}>
			Publish a dataset
		</Button>
	);
	return (
		<>
			<div className={pageClasses.titleBar}>
				<h1 className={pageClasses.pageTitle}>Datasets</h1>
				{rows.length > 0 && make}
			</div>
			<p className={pageClasses.lead}>
				Published folders with versions and a licence. Tasks read them without copying, and a task keeps the version
				that it was made with.
			</p>
			{rows.length > 0 ? (
				<ul className={classes.cards}>
					{rows.map((dataset) => (
						<li key={dataset.id}>
							<DatasetCard dataset={dataset} />
						</li>
					))}
				</ul>
			) : (
				<div className={pageClasses.list}>
					{query.isPending ? (
						<LoadingState what="the datasets" />
					) : query.isError ? (
						<ErrorState error={query.error} what="The datasets cannot be shown" onRetry={() => void query.refetch()} />
					) : (
						<EmptyState icon="dataset" title="No datasets yet" actions={make}>
							Publish one of your folders, and share it with others: for example all pictures of an exhibition.
						</EmptyState>
					)}
				</div>
			)}
			{query.hasNextPage && (
				<Button
					className={pageClasses.more!}
					variant="default"
					loading={query.isFetchingNextPage}
					onClick={() => void query.fetchNextPage()}
				>
					Load more
				</Button>
			)}
			<Modal opened={making} onClose={dialog.close} title="Publish a dataset" size="lg">
				<NewDatasetForm onClose={dialog.close} onMade={({ name }) => void navigate(urlOfDataset(name))} />
			</Modal>
		</>
	);
};

const DatasetCard = ({ dataset }: { dataset: DatasetView }) => {
	const me = useMe();
	const { name, title, description, licence, version, owner, state } = dataset;
	return (
		<article className={classes.datasetCard}>
			<div className={classes.cardTop}>
				<h2>
					<Link to={urlOfDataset(name)}>{title}</Link>
				</h2>
				{state !== 'ready' && <LookChip look={DATASET_LOOKS[state]} />}
			</div>
			<p className={classes.description}>{description === '' ? 'No description.' : description}</p>
			<dl className={classes.cardFacts}>
				<div>
					<dt>Holds</dt>
					<dd>{version === 0 ? 'no version yet' : sizeWords(dataset)}</dd>
				</div>
				<div>
					<dt>Version</dt>
					<dd>{version === 0 ? '–' : version}</dd>
				</div>
				<div>
					<dt>Licence</dt>
					<dd>
						{licence.name === '' ? 'none named' : licence.name}
						{!licence.accepted && ', to be accepted'}
					</dd>
				</div>
				<div>
					<dt>Readers</dt>
					<dd>{readersWords(dataset, me)}</dd>
				</div>
				<div>
					<dt>Owner</dt>
					<dd>{owner === null ? 'the system' : owner.id === me.id ? 'you' : owner.username}</dd>
				</div>
			</dl>
		</article>
	);
};
