import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { sizeWords, urlOfDataset } from './dataset-words.ts';
import classes from './datasets.module.css';
import { useVersions } from './use-datasets.ts';

/** Its versions, the newest first; each can be looked at. */
export const VersionsCard = ({ dataset, shown }: { dataset: DatasetView; shown: number }) => {
	const query = useVersions(dataset.id, dataset.version);
	const { rows } = query;
	return (
		<section className={pageClasses.card}>
			<h2>Versions</h2>
			{query.isPending ? (
				<LoadingState what="its versions" rows={2} />
			) : query.isError && rows.length === 0 ? (
				<p className={pageClasses.fault} role="alert">
					{errorText(query.error)}
				</p>
			) : rows.length === 0 ? (
				<p className={pageClasses.quiet}>None yet.</p>
			) : (
				<ol className={classes.versions}>
					{rows.map(({ version, at, by, note, ...size }) => (
						<li key={version} aria-current={version === shown || undefined}>
							<Link
								className={pageClasses.link}
								to={version === dataset.version ? urlOfDataset(dataset.name) : `?version=${version}`}
							>
								Version {version}
							</Link>
							<span className={pageClasses.quiet}>
								<RelativeTime at={at} /> by {by} · {sizeWords(size)}
							</span>
							{note !== '' && <span>{note}</span>}
						</li>
					))}
				</ol>
			)}
			{query.hasNextPage && (
				<Button
					variant="default"
					size="xs"
					loading={query.isFetchingNextPage}
					onClick={() => void query.fetchNextPage()}
				>
					Earlier versions
				</Button>
			)}
		</section>
	);
};
