import { Link, useParams } from 'react-router';
import type { TaskSchedule } from '../../../shared/protocol/schedule.ts';
import classes from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { ScheduleForm } from './schedule-form.tsx';
import { isScheduleId, useSchedule } from './use-schedules.ts';

/** What a new one does unless another type is chosen: it needs no files. */
const USUAL_TYPE = 'noop';

/** Makes a schedule. */
export const NewSchedulePage = () => {
	useTitle('New schedule');
	return <FormPage title="New schedule" usualType={USUAL_TYPE} />;
};

/** Changes a schedule; what was changed by somebody else meanwhile is not overwritten. */
export const EditSchedulePage = () => {
	const { id = '' } = useParams();
	const query = useSchedule(id);
	useTitle('Change a schedule');
	return (
		<ReadOne query={query} isId={isScheduleId(id)} what="schedule" all={{ to: '/schedules', word: 'All schedules' }}>
			{(schedule) =>
				'type' in schedule ? (
					<FormPage title={`Change ${schedule.name}`} usualType={schedule.type} schedule={schedule} />
				) : (
					<p>
						{'source' in schedule
							? 'It runs a source. Change the source, or delete this schedule and make another one.'
							: 'It runs a recipe. Change the recipe, or make another schedule: millrace schedules create --recipe'}
					</p>
				)
			}
		</ReadOne>
	);
};

const FormPage = (props: { title: string; usualType: string; schedule?: TaskSchedule }) => {
	const { title, usualType, schedule } = props;
	const [chosen, choose] = useSearchParam('type');
	const types = useTaskTypes();
	return (
		<>
			<Link className={classes.back!} to={schedule ? `/schedules/${schedule.id}` : '/schedules'}>
				{schedule ? schedule.name : 'All schedules'}
			</Link>
			<h1 className={classes.title}>{title}</h1>
			{types.data === undefined ? (
				types.isError ? (
					<ErrorState error={types.error} what="The task types cannot be read" onRetry={() => void types.refetch()} />
				) : (
					<LoadingState what="the task types" />
				)
			) : (
				<ScheduleForm
					types={types.data.items.toSorted((a, b) => a.title.localeCompare(b.title))}
					typeName={chosen === '' ? usualType : chosen}
					onType={choose}
					{...(schedule ? { schedule } : {})}
				/>
			)}
		</>
	);
};
