import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { listScheduleRuns, listSchedules, previewSchedule, readSchedule } from '../../../shared/client/schedules.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import type { ScheduleRunView } from '../../../shared/protocol/schedule.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { keys } from '../remote/keys.ts';
import type { RuleDraft } from './rule-draft.ts';
import { ruleOf } from './rule-draft.ts';

const PAGE = 50;
const RUNS = 20;
const SETTLED_MS = 300;

export const useSchedules = () =>
	usePages(keys.schedules, PAGE, (page, signal) => listSchedules(http, page, { signal }));

export const isScheduleId = (id: string): boolean => idSchema('schedule').safeParse(id).success;

export const useSchedule = (id: string) =>
	useQuery({
		queryKey: keys.schedule(id),
		queryFn: ({ signal }) => readSchedule(http, id, { signal }),
		enabled: isScheduleId(id),
	});

/** What became of its times, the newest first. */
export const useRuns = (id: string) =>
	usePages<ScheduleRunView>(keys.scheduleRuns(id), RUNS, (page, signal) =>
		listScheduleRuns(http, id, page, { signal }),
	);

/** When it would run, once the form has not changed for a moment; `isNew`: it is of what the form has now. */
export const usePreview = (draft: RuleDraft) => {
	const text = JSON.stringify(ruleOf(draft));
	const [asked] = useDebouncedValue(text, SETTLED_MS);
	const query = useQuery({
		queryKey: keys.schedulePreview(asked),
		queryFn: async ({ signal }) => {
			const rule = JSON.parse(asked) as { cron: string; timeZone: string };
			// The times stay with the zone that they were worked out for, while another one is being written.
			return { ...(await previewSchedule(http, rule, { signal })), timeZone: rule.timeZone };
		},
		enabled: asked !== 'null',
		placeholderData: keepPreviousData,
		// Times pass.
		staleTime: 10_000,
	});
	return {
		...query,
		isMissing: text === 'null',
		isNew: asked === text && !query.isPlaceholderData && !query.isFetching,
	};
};
