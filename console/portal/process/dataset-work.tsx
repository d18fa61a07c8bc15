import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { acceptDatasetLicence } from '../../../shared/client/datasets.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { formatCount } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import { Choices } from './choices.tsx';
import classes from './process.module.css';
import { useDatasetFiles, useWorkDataset } from './use-dataset-files.ts';

/** Files of a dataset are processed: all of them, those of a folder, or one. */
export const DatasetWork = ({ name, path }: { name: string; path: string }) => {
	const query = useWorkDataset(name);
	if (query.data === undefined) {
		if (query.error instanceof CodedError && ['not-found', 'invalid'].includes(query.error.code)) {
			return (
				<EmptyState isPage icon="search" title="There is no such dataset">
					It may have been withdrawn, or it is not shared with you.
				</EmptyState>
			);
		}
		return query.isError ? (
			<ErrorState error={query.error} what="The dataset cannot be read" onRetry={() => void query.refetch()} />
		) : (
			<LoadingState what="the dataset" />
		);
	}
	const dataset = query.data;
	if (dataset.version === 0) {
		return (
			<EmptyState isPage icon="hourglass" title={`${dataset.title} has no version yet`}>
				It can be used as soon as its first version is published.
			</EmptyState>
		);
	}
	return dataset.licence.accepted ? <Files dataset={dataset} path={path} /> : <Licence dataset={dataset} />;
};

const Files = ({ dataset, path }: { dataset: DatasetView; path: string }) => {
	const under = path.replace(/^\/+|\/+$/g, '');
	const { data, error, isError, refetch } = useDatasetFiles(dataset, under);
	if (data === undefined) {
		return isError ? (
			<ErrorState error={error} what="Its files cannot be read" onRetry={() => void refetch()} />
		) : (
			<LoadingState what="the files of the dataset" />
		);
	}
	if (data.files.length === 0) {
		return (
			<EmptyState isPage icon="search" title="These files are not there">
				{dataset.title} has nothing at {path || '/'} in its version {dataset.version}.
			</EmptyState>
		);
	}
	const of = `of the dataset ${dataset.title}, version ${dataset.version}`;
	return (
		<Choices
			work={{ kind: 'dataset', name: dataset.name, version: dataset.version, under, files: data.files }}
			notes={data.hasMore ? [of, `The first ${formatCount(data.files.length)} are looked at here.`] : [of]}
		/>
	);
};

/** Nothing of it may be used before its licence is accepted. */
const Licence = ({ dataset }: { dataset: DatasetView }) => {
	const { licence, name, title } = dataset;
	const accept = useMutation({
		mutationFn: () => acceptDatasetLicence(http, name, licence.version),
		onSuccess: (after) => queryClient.setQueryData(keys.workDataset(name), after),
		// It may be another licence by now.
		onError: () => queryClient.invalidateQueries({ queryKey: keys.workDataset(name) }),
	});
	return (
		<div className={classes.page}>
			<h1 className={classes.title}>Process {title}</h1>
			<section className={classes.step} aria-labelledby="process-licence">
				<h2 id="process-licence">Its licence comes first{licence.name && `: ${licence.name}`}</h2>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
				<section className={classes.code} tabIndex={0} aria-label="Licence">
					{licence.text}
				</section>
				{accept.isError && (
					<p className={classes.failure} role="alert">
						{errorText(accept.error)}
					</p>
				)}
				<Button mt="lg" loading={accept.isPending} onClick={() => accept.mutate()}>
					Accept the licence
				</Button>
			</section>
		</div>
	);
};
