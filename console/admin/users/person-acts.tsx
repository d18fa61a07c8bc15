import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { deleteUser, exportTarget } from '../../../shared/client/rights.ts';
import type { PersonView } from '../../../shared/protocol/account.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Icon } from '../../kit/icons.tsx';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { askFreshAuth } from '../../kit/session/ask-fresh-auth.ts';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import { LinkShown } from './link-shown.tsx';
import { ResetFactor } from './reset-factor.tsx';
import { usePasswordLinkAct, usePersonChange } from './use-person-acts.ts';
import { words } from './words.ts';

/** It may be long, so the browser itself takes it; that cannot ask for the password, which is asked for before. */
const takeExport = async ({ id, username }: PersonView): Promise<void> => {
	if (!(await askFreshAuth())) return;
	const link = document.createElement('a');
	link.href = http.urlOf(exportTarget(id));
	link.download = `millrace-${username}.zip`;
	link.click();
};

/** What is done to somebody's account. */
export const PersonActs = ({ person }: { person: PersonView }) => {
	const { id, username, disabled, invited, secondFactor } = person;
	const isOneself = useMe().id === id;
	const change = usePersonChange(person);
	const link = usePasswordLinkAct(person);
	const [deleting, dialog] = useDisclosure(false);
	const linkWord = invited ? words.inviteAgain : words.newLink;
	const toggle = () => change.mutate({ disabled: !disabled });
	useCommands([
		...(isOneself
			? []
			: [
					{
						...{ id: `${id} state`, group: username, word: disabled ? words.enable : words.disable },
						...{ icon: disabled ? ('play' as const) : ('ban' as const), run: toggle },
					},
				]),
		...(disabled
			? []
			: [{ id: `${id} link`, group: username, word: linkWord, icon: 'key' as const, run: () => link.mutate() }]),
	]);
	return (
		<div className={page.acts}>
			<Button
				variant="default"
				disabled={isOneself}
				title={isOneself ? words.isYou : undefined}
				loading={change.isPending}
				onClick={toggle}
				leftSection={<Icon name={disabled ? 'play' : 'ban'} size={16} />}
			>
				{disabled ? words.enable : words.disable}
			</Button>
			{!disabled && (
				<Button
					variant="default"
					loading={link.isPending}
					onClick={() => link.mutate()}
					leftSection={<Icon name="key" size={16} />}
				>
					{linkWord}
				</Button>
			)}
			{secondFactor && !isOneself && <ResetFactor person={person} />}
			<Button
				variant="default"
				onClick={() => void takeExport(person)}
				leftSection={<Icon name="download" size={16} />}
			>
				{words.exportData}
			</Button>
			<Button
				variant="default"
				{...(disabled ? { c: 'var(--mantine-color-error)' } : {})}
				disabled={!disabled}
				title={disabled ? undefined : words.removeHint}
				onClick={dialog.open}
				leftSection={<Icon name="trash" size={16} />}
			>
				{words.remove}
			</Button>
			<Modal opened={link.data !== undefined} onClose={link.reset} title={words.linkTitle}>
				{link.data && <LinkShown made={link.data} onDone={link.reset} />}
			</Modal>
			<DeleteDialog person={person} opened={deleting} onClose={dialog.close} />
		</div>
	);
};

const DeleteDialog = (props: { person: PersonView; opened: boolean; onClose(): void }) => {
	const { person, opened, onClose } = props;
	const { id, username } = person;
	const navigate = useNavigate();
	const remove = useMutation({
		mutationFn: () => deleteUser(http, id, username),
		onSuccess: async () => {
			notifyDone(words.removed(username));
			await navigate('/users', { replace: true });
			// The page must not read again what is gone.
			queryClient.removeQueries({ queryKey: keys.person(id) });
			await queryClient.invalidateQueries({ queryKey: keys.people });
		},
	});
	return (
		<ConfirmDialog
			opened={opened}
			title={words.removeTitle(username)}
			act={words.removeAct}
			typed={username}
			busy={remove.isPending}
			error={remove.isError ? errorText(remove.error) : null}
			onClose={() => {
				remove.reset();
				onClose();
			}}
			onConfirm={() => remove.mutate()}
		>
			{words.removeText}
		</ConfirmDialog>
	);
};
