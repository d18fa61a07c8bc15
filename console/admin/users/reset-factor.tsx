import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { resetSecondFactor } from '../../../shared/client/users.ts';
import type { PersonView } from '../../../shared/protocol/account.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Icon } from '../../kit/icons.tsx';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

/** Takes the second factor away from somebody who has lost it; they are told, and signed out everywhere. */
export const ResetFactor = ({ person: { id, username } }: { person: PersonView }) => {
	const [opened, dialog] = useDisclosure(false);
	const reset = useMutation({
		mutationFn: () => resetSecondFactor(http, id),
		onSuccess: () => {
			dialog.close();
			notifyDone(words.factorReset(username));
		},
		onSettled: () => queryClient.invalidateQueries({ queryKey: keys.people }),
	});
	useCommands([
		{ id: `${id} factor`, group: username, word: words.resetFactor, icon: 'shield' as const, run: dialog.open },
	]);
	return (
		<>
			<Button variant="default" onClick={dialog.open} leftSection={<Icon name="shield" size={16} />}>
				{words.resetFactor}
			</Button>
			<ConfirmDialog
				opened={opened}
				title={words.resetFactorTitle(username)}
				act={words.resetFactorAct}
				typed={username}
				busy={reset.isPending}
				error={reset.isError ? errorText(reset.error) : null}
				onClose={() => {
					reset.reset();
					dialog.close();
				}}
				onConfirm={() => reset.mutate()}
			>
				{words.resetFactorText}
			</ConfirmDialog>
		</>
	);
};
