import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { startJob } from '../../../shared/client/jobs.ts';
import { createSchedule } from '../../../shared/client/schedules.ts';
import { submitAll } from '../../../shared/client/submit-all.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { plural } from '../../kit/format.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import { ruleOf } from '../schedules/rule-draft.ts';
import type { Start } from './equivalents.ts';
import { type MadeOnUpload, makeRecipe, startOnUpload } from './on-upload.ts';
import { isJob, jobOf, recipeOf, recipeScheduleOf, scheduleOf, tasksOf, triggerOf, type Wish } from './wish.ts';

interface StartOptions {
	type: Manifest;
	wish: Wish;
	start: Start;
	onRefused(error: Error): void;
}

/** Starts what was chosen, in the way that was chosen, and leads to where it is seen. */
export const useStart = ({ type, wish, start, onRefused }: StartOptions) => {
	const navigate = useNavigate();
	/** Tasks that are on their way already: they are not sent again when the rest is tried once more. */
	const [submitted, setSubmitted] = useState(0);
	const [made, setMade] = useState<MadeOnUpload | null>(null);

	const submit = async () => {
		const tasks = tasksOf(wish);
		const ids = await submitAll(http, tasks.slice(submitted), {
			onStarted: (count) => setSubmitted(submitted + count),
		});
		await queryClient.invalidateQueries({ queryKey: keys.taskLists });
		for (const { input } of wish.files) {
			if ('file' in input) void queryClient.invalidateQueries({ queryKey: keys.file(input.file) });
		}
		notifyDone(`${plural(tasks.length, 'task')} submitted: ${type.title}`);
		await navigate(tasks.length === 1 && ids[0] !== undefined ? `/tasks/${ids[0]}` : `/tasks?type=${type.name}`);
	};
	const startNow = async () => {
		if (!isJob(wish)) return submit();
		const { id } = await startJob(http, jobOf(wish));
		await queryClient.invalidateQueries({ queryKey: keys.jobs });
		await navigate(`/jobs/${id}`);
	};
	const act = useMutation({
		mutationFn: async () => {
			if (start.when === 'now') return startNow();
			if (start.when === 'upload') {
				setMade(await startOnUpload(recipeOf(wish, start.name), triggerOf(wish, start.folder)));
				await queryClient.invalidateQueries({ queryKey: keys.recipes });
				return;
			}
			const times = ruleOf(start.rule);
			if (times === null) return;
			const schedule = { ...start, times };
			const saved = await createSchedule(
				http,
				start.ofRecipe
					? recipeScheduleOf(wish, schedule, (await makeRecipe(recipeOf(wish, start.name))).id)
					: scheduleOf(wish, schedule),
			);
			await queryClient.invalidateQueries({ queryKey: keys.schedules });
			if (start.ofRecipe) await queryClient.invalidateQueries({ queryKey: keys.recipes });
			notifyDone(`${saved.name} is made: ${saved.sentence}`);
			await navigate(`/schedules/${saved.id}`);
		},
		onError: onRefused,
	});
	return { act, submitted, made };
};
