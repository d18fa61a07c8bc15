import { useQuery } from '@tanstack/react-query';
import { deleteQueue, purgeQueue } from '../../../shared/client/queues.ts';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { rereadQueues } from './use-steer.ts';
import { words } from './words.ts';

interface DeleteDialogProps {
	queue: Pick<QueueView, 'name'>;
	opened: boolean;
	onClose(): void;
	onDeleted?(): void;
}

/** Deletes a queue; while tasks stand in it, what becomes of them is confirmed by its name. */
export const DeleteDialog = ({ queue: { name }, opened, onClose, onDeleted }: DeleteDialogProps) => {
	const count = useQuery({
		queryKey: keys.toPurge(name),
		// Those that a purge would cancel are those that would be left without a queue.
		queryFn: () => purgeQueue(http, name, { dryRun: true }),
		enabled: opened,
		gcTime: 0,
		staleTime: 0,
	});
	const left = count.data?.matched;
	const act = useAct({
		act: () => deleteQueue(http, name, left === 0 ? undefined : name),
		key: keys.queueList,
		done: words.removed(name),
		failed: words.notRemoved,
		onDone: () => {
			onClose();
			onDeleted?.();
			rereadQueues();
		},
	});
	return (
		<ConfirmDialog
			opened={opened}
			title={words.removeTitle(name)}
			act={words.remove}
			{...(left === 0 ? {} : { typed: name })}
			busy={act.isPending || left === undefined}
			error={count.error === null ? null : errorText(count.error)}
			onConfirm={() => act.mutate()}
			onClose={onClose}
		>
			{left === undefined ? words.counting : words.removeText(left)}
		</ConfirmDialog>
	);
};
