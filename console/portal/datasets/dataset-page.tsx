import { Link, useParams, useSearchParams } from 'react-router';
import { type DatasetView, datasetRefSchema } from '../../../shared/protocol/dataset.ts';
import { formatCount } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { BrowseCard } from './browse-card.tsx';
import { DatasetActs } from './dataset-acts.tsx';
import { DATASET_LOOKS, mayChange, publishingWords, readersWords, sizeWords } from './dataset-words.ts';
import classes from './datasets.module.css';
import { LicenceCard } from './licence-card.tsx';
import { SharesCard } from './shares-card.tsx';
import { useDataset } from './use-datasets.ts';
import { VersionsCard } from './versions-card.tsx';

/** One dataset: what it is and may be used for, what is in it, and who may read it. */
export const DatasetPage = () => {
	const { name = '' } = useParams();
	const query = useDataset(name);
	useTitle(query.data?.title ?? 'Dataset');
	const isRef = datasetRefSchema.safeParse(name).success;
	return (
		<ReadOne query={query} isId={isRef} what="dataset" all={{ to: '/datasets', word: 'All datasets' }}>
			{(dataset) => <DatasetDetails dataset={dataset} />}
		</ReadOne>
	);
};

/** The version that the address names, as far as there is such a one; else the newest. */
const versionOf = (text: string | null, newest: number): number => {
	const version = Number(text);
	return text !== null && Number.isInteger(version) && version >= 1 && version <= newest ? version : newest;
};

const DatasetDetails = ({ dataset }: { dataset: DatasetView }) => {
	const me = useMe();
	const [params] = useSearchParams();
	const shown = versionOf(params.get('version'), dataset.version);
	const { owner, state } = dataset;
	return (
		<>
			<Link className={pageClasses.back!} to="/datasets">
				All datasets
			</Link>
			<div className={pageClasses.head}>
				<div className={pageClasses.titleLine}>
					<h1 className={pageClasses.title}>{dataset.title}</h1>
					{state !== 'ready' && <LookChip look={DATASET_LOOKS[state]} />}
				</div>
				<DatasetActs dataset={dataset} />
			</div>
			<p className={`${pageClasses.headline} ${classes.about}`}>{dataset.description}</p>
			<Publication dataset={dataset} />
			<div className={pageClasses.columns}>
				<div className={pageClasses.main}>
					<BrowseCard key={`${dataset.name} ${shown}`} dataset={dataset} version={shown} />
					<LicenceCard dataset={dataset} />
				</div>
				<aside className={pageClasses.side} aria-label="About the dataset">
					<section className={pageClasses.card}>
						<h2>About</h2>
						<dl className={pageClasses.facts}>
							<Fact name="Name">
								<code className="millrace-mono">{dataset.name}</code>
							</Fact>
							<Fact name="Owner">{owner === null ? 'the system' : owner.id === me.id ? 'you' : owner.username}</Fact>
							<Fact name="Holds">{dataset.version === 0 ? 'nothing yet' : sizeWords(dataset)}</Fact>
							<Fact name="Version">{dataset.version === 0 ? 'none yet' : formatCount(dataset.version)}</Fact>
							<Fact name="Readers">{readersWords(dataset, me)}</Fact>
							<Fact name="Changed">
								<RelativeTime at={dataset.updatedAt} />
							</Fact>
							<Fact name="Made">
								<RelativeTime at={dataset.createdAt} />
							</Fact>
						</dl>
					</section>
					{mayChange(dataset, me) && <SharesCard dataset={dataset} />}
					<VersionsCard dataset={dataset} shown={shown} />
				</aside>
			</div>
		</>
	);
};

/** How far the next version is, or why there is none. */
const Publication = ({ dataset }: { dataset: DatasetView }) => {
	if (dataset.state === 'importing') {
		return (
			<p className={classes.publishing} role="status">
				<Icon name="upload" />
				<span>{publishingWords(dataset) ?? 'Its next version is being published.'} You may leave this page.</span>
			</p>
		);
	}
	if (dataset.state === 'ready' && dataset.reason !== null) {
		// Of a directory in which its files lie: what was changed there, or that it cannot be reached.
		return (
			<p className={pageClasses.warning} role="alert">
				<Icon name="alert" />
				<span>{dataset.reason}</span>
			</p>
		);
	}
	if (dataset.state !== 'failed') return null;
	return (
		<p className={pageClasses.warning} role="alert">
			<Icon name="alert" />
			<span>
				<strong>The last version was not published.</strong> {dataset.reason ?? 'No reason was given.'}{' '}
				{dataset.version > 0 ? `Version ${dataset.version} is there as before.` : 'Publish it again.'}
			</span>
		</p>
	);
};
