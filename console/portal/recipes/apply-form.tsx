import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { applyTrigger, dryApplyTrigger } from '../../../shared/client/triggers.ts';
import { plural } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { DryRunWords } from './dry-run-view.tsx';

/** Lets a trigger fire for what is there already: counted first, then started as a job. */
export const ApplyForm = ({ trigger, onClose }: { trigger: string; onClose(): void }) => {
	const navigate = useNavigate();
	const [again, setAgain] = useState(false);
	const dry = useQuery({
		queryKey: keys.dryRun(`${trigger} ${again}`),
		queryFn: ({ signal }) => dryApplyTrigger(http, trigger, again, { signal }),
		staleTime: 0,
	});
	const isNew = !dry.isFetching;
	const tasks = isNew ? (dry.data?.tasks ?? 0) : 0;
	const start = useMutation({
		mutationFn: () => applyTrigger(http, trigger, again),
		onSuccess: async ({ id }) => {
			await queryClient.invalidateQueries({ queryKey: keys.jobs });
			await navigate(`/jobs/${id}`);
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (tasks > 0) start.mutate();
			}}
		>
			<Stack>
				<Checkbox
					label="Also files that it was started for before"
					checked={again}
					onChange={(event) => setAgain(event.currentTarget.checked)}
				/>
				<DryRunWords
					title="Done when the nodes have nothing else to do, this comes to"
					query={{ data: dry.data, error: dry.error, isNew }}
				/>
				{start.isError && (
					<p className={classes.fault} role="alert">
						{errorText(start.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Close
					</Button>
					<Button type="submit" loading={start.isPending} disabled={tasks === 0}>
						{tasks > 0 ? `Start ${plural(tasks, 'task')}` : 'Start'}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
