import { Button, type MantineSize } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { deleteSource, pauseSource, resetSource, resumeSource, runSource } from '../../../shared/client/sources.ts';
import type { SourceView } from '../../../shared/protocol/source.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';

interface ActProps {
	source: Pick<SourceView, 'id' | 'name' | 'state'>;
	size?: MantineSize;
}

/** Runs it at once. */
export const RunSourceButton = ({ source: { id, name, state }, size = 'sm' }: ActProps) => {
	const act = useAct({
		act: () => runSource(http, id),
		key: keys.sources,
		done: ({ started }) => (started ? `${name} runs now` : `${name} was running already`),
		failed: `${name} was not run`,
	});
	return (
		<Button
			variant="default"
			size={size}
			leftSection={<Icon name="zap" size={16} />}
			disabled={state === 'stopped'}
			loading={act.isPending}
			onClick={() => act.mutate()}
		>
			Run now<span className="millrace-off-screen">: {name}</span>
		</Button>
	);
};

/** Stops it with its schedules, or lets it go on. */
export const PauseSourceButton = ({ source: { id, name, state }, size = 'sm' }: ActProps) => {
	const isStopped = state === 'stopped';
	const act = useAct({
		act: () => (isStopped ? resumeSource(http, id) : pauseSource(http, id)),
		key: keys.sources,
		done: isStopped ? `${name} goes on` : `${name} is paused`,
		failed: isStopped ? `${name} was not resumed` : `${name} was not paused`,
	});
	return (
		<Button
			variant="default"
			size={size}
			leftSection={<Icon name={isStopped ? 'play' : 'pause'} size={16} />}
			loading={act.isPending}
			onClick={() => act.mutate()}
		>
			{isStopped ? 'Resume' : 'Pause'}
			<span className="millrace-off-screen"> {name}</span>
		</Button>
	);
};

/** All that may be done with it. */
export const SourceActs = ({ source }: { source: SourceView }) => {
	const { id, name } = source;
	const navigate = useNavigate();
	const [asking, ask] = useState<'reset' | 'delete' | null>(null);
	const close = () => ask(null);
	const reset = useAct({
		act: () => resetSource(http, id, name),
		key: keys.sources,
		done: `${name} begins anew with its next run`,
		failed: `${name} was not reset`,
	});
	const remove = useAct({
		act: () => deleteSource(http, id),
		key: keys.sources,
		done: `The source ${name} is deleted`,
		failed: 'The source was not deleted',
		onDone: () => {
			// The page must not read again what is gone.
			for (const queryKey of [keys.source(id), keys.sourceItems(id), keys.sourceRuns(id)]) {
				queryClient.removeQueries({ queryKey });
			}
			void navigate('/sources', { replace: true });
		},
	});
	return (
		<div className={classes.acts}>
			<RunSourceButton source={source} />
			<PauseSourceButton source={source} />
			<Button
				component={Link}
				to={`/sources/${id}/edit`}
				variant="default"
				size="sm"
				leftSection={<Icon name="edit" size={16} />}
			>
				Change
			</Button>
			<Button variant="default" size="sm" leftSection={<Icon name="restore" size={16} />} onClick={() => ask('reset')}>
				Reset…
			</Button>
			<Button variant="default" size="sm" leftSection={<Icon name="trash" size={16} />} onClick={() => ask('delete')}>
				Delete…
			</Button>
			<ConfirmDialog
				opened={asking === 'reset'}
				title={`Reset ${name}?`}
				act="Forget where it was left"
				typed={name}
				busy={reset.isPending}
				onClose={close}
				onConfirm={() => reset.mutate(undefined, { onSettled: close })}
			>
				The next run begins anew: it reads again what it has read before, and that may cost again. What is in its
				dataset stays, so items may be there twice.
			</ConfirmDialog>
			<ConfirmDialog
				opened={asking === 'delete'}
				title={`Delete ${name}?`}
				act="Delete the source"
				busy={remove.isPending}
				onClose={close}
				onConfirm={() => remove.mutate(undefined, { onSettled: close })}
			>
				Its schedules go with it, and so does where it was left. What it has brought stays in the dataset{' '}
				{source.dataset.name}. To stop it for a while, pause it instead.
			</ConfirmDialog>
		</div>
	);
};
