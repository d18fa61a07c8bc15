import { Link, useParams } from 'react-router';
import type { SourceView } from '../../../shared/protocol/source.ts';
import { formatCount } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { JsonView } from '../../kit/json-view.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import classes from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { ItemTable } from './item-table.tsx';
import { MonthUse } from './month-use.tsx';
import { RunList } from './run-list.tsx';
import { SourceActs } from './source-acts.tsx';
import { moneyWords, nextRunAt, sourceLook, whenWords } from './source-words.ts';
import { isSourceId, useSource } from './use-sources.ts';

/** One source: whether it works, what it has brought, and what it has taken of its month. */
export const SourcePage = () => {
	const { id = '' } = useParams();
	const query = useSource(id);
	useTitle(query.data?.name ?? 'Source');
	return (
		<ReadOne query={query} isId={isSourceId(id)} what="source" all={{ to: '/sources', word: 'All sources' }}>
			{(source) => <SourceDetails source={source} />}
		</ReadOne>
	);
};

const SourceDetails = ({ source }: { source: SourceView }) => {
	const types = useTaskTypes().data?.items ?? [];
	const title = types.find(({ name }) => name === source.type)?.title ?? source.type;
	return (
		<>
			<Link className={classes.back!} to="/sources">
				All sources
			</Link>
			<div className={classes.head}>
				<div className={classes.titleLine}>
					<h1 className={classes.title}>{source.name}</h1>
					<LookChip look={sourceLook(source)} />
				</div>
				<SourceActs source={source} />
			</div>
			<p className={classes.headline}>
				{title}, {whenWords(source.schedules)}.
			</p>
			{source.state === 'stopped' && source.reason !== null && (
				<p className={classes.warning} role="alert">
					<Icon name="alert" />
					<span>
						<strong>It is stopped, and its schedules with it.</strong> {source.reason}
					</span>
				</p>
			)}
			<div className={classes.columns}>
				<div className={classes.main}>
					<section className={classes.card}>
						<h2>Newest items</h2>
						<ItemTable source={source} />
					</section>
				</div>
				<aside className={classes.side} aria-label="About the source">
					<MonthCard source={source} />
					<section className={classes.card}>
						<h2>Last runs</h2>
						<RunList source={source.id} />
					</section>
					<AboutCard source={source} title={title} />
					{Object.keys(source.parameters).length > 0 && (
						<section className={classes.card}>
							<h2>Settings</h2>
							<JsonView value={source.parameters} label="Settings" />
						</section>
					)}
				</aside>
			</div>
		</>
	);
};

/** What the month has taken of what it may take. */
const MonthCard = ({ source }: { source: SourceView }) => {
	const { use, pricePerItem, mostSpendPerMonth } = source;
	return (
		<section className={classes.card}>
			<h2>This month</h2>
			<MonthUse source={source} />
			<dl className={classes.facts}>
				{use.left !== null && <Fact name="Left">{formatCount(use.left)}</Fact>}
				{use.reserved > 0 && <Fact name="Running">may still bring {formatCount(use.reserved)}</Fact>}
				{pricePerItem > 0 && (
					<Fact name="Spent">
						{moneyWords(use.spend)}
						{mostSpendPerMonth !== null && ` of ${moneyWords(mostSpendPerMonth)}`} at {moneyWords(pricePerItem)} an item
					</Fact>
				)}
				<Fact name="Begins anew">
					<RelativeTime at={use.endsAt} />
				</Fact>
			</dl>
		</section>
	);
};

const AboutCard = ({ source, title }: { source: SourceView; title: string }) => {
	const { schedules, dataset, lastSuccessAt, createdAt } = source;
	const next = nextRunAt(schedules);
	return (
		<section className={classes.card}>
			<h2>About</h2>
			<dl className={classes.facts}>
				<Fact name="Reads">{title}</Fact>
				<Fact name="Dataset">
					<Link to={`/datasets/${dataset.name}`}>{dataset.name}</Link>, version {dataset.version}
				</Fact>
				<Fact name="Worked last">{lastSuccessAt === null ? 'never yet' : <RelativeTime at={lastSuccessAt} />}</Fact>
				<Fact name="Runs next">{next === null ? 'when it is asked to' : <RelativeTime at={next} />}</Fact>
				{schedules.map(({ id, name, state }) => (
					<Fact key={id} name="Schedule">
						<Link to={`/schedules/${id}`}>{name}</Link>
						{state === 'paused' && ', paused'}
					</Fact>
				))}
				<Fact name="Made">
					<RelativeTime at={createdAt} />
				</Fact>
			</dl>
		</section>
	);
};
