import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from 'react-router';
import { retireTaskType } from '../../../shared/client/task-types.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

/** Takes an installed type away; while recipes use it, it is asked twice. */
export const RetireButton = ({ name }: { name: string }) => {
	const navigate = useNavigate();
	const [opened, dialog] = useDisclosure(false);
	const retire = useAct({
		act: (force: boolean) => retireTaskType(http, name, force),
		key: keys.taskTypes,
		done: words.retired(name),
		failed: words.notRetired,
		onDone: () => void navigate('/task-types'),
	});
	const isUsed = retire.error instanceof CodedError && retire.error.code === 'wrong-state';
	return (
		<>
			<Button
				variant="default"
				onClick={() => {
					retire.reset();
					dialog.open();
				}}
			>
				{words.retire}
			</Button>
			<ConfirmDialog
				opened={opened}
				title={words.retireTitle(name)}
				act={isUsed ? words.retireForce : words.retireAct}
				busy={retire.isPending}
				error={retire.error ? errorText(retire.error) : null}
				onConfirm={() => retire.mutate(isUsed)}
				onClose={dialog.close}
			>
				{words.retireText}
			</ConfirmDialog>
		</>
	);
};
