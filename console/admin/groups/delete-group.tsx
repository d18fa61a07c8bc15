import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { deleteGroup } from '../../../shared/client/groups.ts';
import type { GroupView } from '../../../shared/protocol/group.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import { groupPath } from './group-columns.tsx';
import classes from './groups.module.css';
import { words } from './words.ts';

/** Deletes a group in which no other lies; its members leave it. */
export const DeleteGroup = ({ group, within }: { group: GroupView; within: readonly GroupView[] }) => {
	const navigate = useNavigate();
	const [opened, dialog] = useDisclosure(false);
	const { id, name, members } = group;
	const removal = useMutation({
		mutationFn: () => deleteGroup(http, id),
		async onSuccess() {
			notifyDone(words.gone(name));
			void navigate('/groups');
			await queryClient.invalidateQueries({ queryKey: keys.groups });
		},
	});
	const close = () => {
		dialog.close();
		removal.reset();
	};
	return (
		<>
			<Button variant="default" onClick={dialog.open}>
				{words.remove}…
			</Button>
			{within.length > 0 ? (
				<Modal opened={opened} onClose={close} title={words.hasGroups(name)}>
					<p>{words.hasGroupsText}</p>
					<ul className={classes.within}>
						{within.map((one) => (
							<li key={one.id}>
								<Link to={groupPath(one)} onClick={close}>
									{one.name}
								</Link>
							</li>
						))}
					</ul>
					<Button variant="default" mt="md" onClick={close}>
						{words.close}
					</Button>
				</Modal>
			) : (
				<ConfirmDialog
					opened={opened}
					title={words.removeTitle(name)}
					act={words.remove}
					typed={name}
					busy={removal.isPending}
					error={removal.error === null ? null : errorText(removal.error)}
					onConfirm={() => removal.mutate()}
					onClose={close}
				>
					{words.removeText(members)}
				</ConfirmDialog>
			)}
		</>
	);
};
