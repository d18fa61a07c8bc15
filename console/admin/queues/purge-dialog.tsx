import { useQuery } from '@tanstack/react-query';
import { purgeQueue } from '../../../shared/client/queues.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { CopyButton } from '../../kit/copy-button.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { rereadQueues } from './use-steer.ts';
import { words } from './words.ts';

/** Cancels all that does not run in a queue: counted first, confirmed by its name. */
export const PurgeDialog = (props: { name: string; opened: boolean; onClose(): void }) => {
	const { name, opened, onClose } = props;
	const count = useQuery({
		queryKey: keys.toPurge(name),
		queryFn: () => purgeQueue(http, name, { dryRun: true }),
		enabled: opened,
		gcTime: 0,
		staleTime: 0,
	});
	const act = useAct({
		act: () => purgeQueue(http, name, { confirm: name }),
		key: keys.queues,
		done: ({ changed }) => words.purged(changed),
		failed: words.notPurged,
		onDone: () => {
			rereadQueues();
			onClose();
		},
	});
	const matched = count.data?.matched;
	return (
		<ConfirmDialog
			opened={opened}
			title={words.purgeTitle(name)}
			act={matched === undefined ? words.purge : words.purgeAct(matched)}
			typed={name}
			busy={act.isPending || matched === undefined}
			error={count.error === null ? null : errorText(count.error)}
			onConfirm={() => act.mutate()}
			onClose={onClose}
		>
			{matched === undefined ? words.counting : words.purgeText(matched)}{' '}
			<CopyButton text={`millrace admin queue purge ${name} --confirm ${name}`} what={words.copyCommand('purge')} />
		</ConfirmDialog>
	);
};
