import { Button, Checkbox, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { startJob } from '../../../shared/client/jobs.ts';
import type { NewJobWish } from '../../../shared/protocol/job.ts';
import { mediaPatternsSchema } from '../../../shared/protocol/recipe.ts';
import { plural } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { DryRunWords, useDryRun } from './dry-run-view.tsx';
import { PatternField } from './pattern-field.tsx';
import { patternsOf, wholeFolder } from './recipe-words.ts';

type Lane = 'fresh' | 'backfill';

/** Runs a recipe over what is in a folder: counted first, then started as a job. */
export const RunForm = ({ recipe, onClose }: { recipe: string; onClose(): void }) => {
	const navigate = useNavigate();
	const [folder, setFolder] = useState('/');
	const [recursive, setRecursive] = useState(true);
	const [kinds, setKinds] = useState('*/*');
	const [lane, setLane] = useState<Lane>('fresh');
	const mediaTypes = patternsOf(kinds);
	const isReady = mediaPatternsSchema.safeParse(mediaTypes).success;
	const wish: NewJobWish = {
		recipe,
		lane,
		over: { folder: wholeFolder(folder), recursive, ...(isReady ? { mediaTypes } : {}) },
	};
	const dry = useDryRun(wish);
	const tasks = dry.isNew ? (dry.data?.tasks ?? 0) : 0;
	const start = useMutation({
		mutationFn: () => startJob(http, wish),
		onSuccess: async ({ id }) => {
			await queryClient.invalidateQueries({ queryKey: keys.jobs });
			await navigate(`/jobs/${id}`);
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (isReady && tasks > 0) start.mutate();
			}}
		>
			<Stack>
				<TextInput
					label="Folder"
					description="Its whole path; / is everything."
					autoComplete="off"
					spellCheck={false}
					data-autofocus
					value={folder}
					onChange={(event) => setFolder(event.currentTarget.value)}
				/>
				<Checkbox
					label="Also in the folders in it"
					checked={recursive}
					onChange={(event) => setRecursive(event.currentTarget.checked)}
				/>
				<PatternField
					label="Kinds of files"
					description="Such as image/jpeg, image/*, or */* for any."
					value={kinds}
					onChange={setKinds}
				/>
				<Radio.Group
					label="How soon"
					value={lane}
					onChange={(value) => setLane(value === 'backfill' ? 'backfill' : 'fresh')}
				>
					<Stack gap={8} mt={8}>
						<Radio value="fresh" label="Now, in line with everything else of yours" />
						<Radio value="backfill" label="When the nodes have nothing else to do" />
					</Stack>
				</Radio.Group>
				<DryRunWords title="This comes to" query={dry} />
				{start.isError && (
					<p className={classes.fault} role="alert">
						{errorText(start.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Close
					</Button>
					<Button type="submit" loading={start.isPending} disabled={!isReady || tasks === 0}>
						{tasks > 0 ? `Start ${plural(tasks, 'task')}` : 'Start'}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
