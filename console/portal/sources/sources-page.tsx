import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { SourceView } from '../../../shared/protocol/source.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from '../../kit/shell/page.module.css';
import { ReadList } from '../../kit/shell/read-list.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { MonthUse } from './month-use.tsx';
import { PauseSourceButton, RunSourceButton } from './source-acts.tsx';
import { nextRunAt, sourceLook, whenWords } from './source-words.ts';
import { useSources } from './use-sources.ts';

/** Topics that are gathered again and again: whether each still works, and what it has taken of its month. */
export const SourcesPage = () => {
	useTitle('Sources');
	const query = useSources();
	const types = useTaskTypes().data?.items ?? [];
	const make = (
		<Button component={Link} to="/sources/new" leftSection={<Icon name="plus" size={17} />}>
			New source
		</Button>
	);
	return (
		<>
			<div className={classes.titleBar}>
				<h1 className={classes.pageTitle}>Sources</h1>
				{query.rows.length > 0 && make}
			</div>
			<p className={classes.lead}>
				Topics that are gathered again and again, each from where it was left. What a source brings goes into its
				dataset.
			</p>
			<ReadList
				query={query}
				what="the sources"
				row={(source) => <SourceRow source={source} types={types} />}
				none={
					<EmptyState icon="link" title="No sources yet" actions={make}>
						For example: what is new about water mills in a feed, every day at 07:30.
					</EmptyState>
				}
			/>
		</>
	);
};

const SourceRow = ({ source, types }: { source: SourceView; types: readonly Manifest[] }) => {
	const { id, name, type, state, reason, lastSuccessAt, schedules } = source;
	const next = nextRunAt(schedules);
	return (
		<>
			<div className={classes.words}>
				<Link className={classes.name!} to={`/sources/${id}`}>
					{name}
				</Link>
				<span>
					{types.find((one) => one.name === type)?.title ?? type} · {whenWords(schedules)}
				</span>
				<span className={classes.quiet}>
					{lastSuccessAt === null ? (
						'has brought nothing yet'
					) : (
						<>
							worked last <RelativeTime at={lastSuccessAt} />
						</>
					)}
					{next !== null && (
						<>
							{' '}
							· next <RelativeTime at={next} />
						</>
					)}
				</span>
				{state === 'stopped' && reason !== null && <span className={classes.fault}>{reason}</span>}
			</div>
			<MonthUse source={source} />
			<LookChip look={sourceLook(source)} quiet={state === 'active' && source.use.left !== 0} />
			<div className={classes.acts}>
				<PauseSourceButton source={source} size="sm" />
				<RunSourceButton source={source} size="sm" />
			</div>
		</>
	);
};
