import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { inviteUser } from '../../../shared/client/users.ts';
import { ROLES, type Role } from '../../../shared/protocol/account.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useClassNames } from '../accounting/use-choices.ts';
import { keys } from '../remote/keys.ts';
import { LinkShown } from './link-shown.tsx';
import { words } from './words.ts';

/** Makes somebody, and the link by which they choose their password. */
export const InviteDialog = ({ opened, onClose }: { opened: boolean; onClose(): void }) => (
	<Modal opened={opened} onClose={onClose} title={words.inviteTitle}>
		{opened && <InviteForm onClose={onClose} />}
	</Modal>
);

const InviteForm = ({ onClose }: { onClose(): void }) => {
	const [username, setUsername] = useState('');
	const [role, setRole] = useState<Role>('user');
	const [serviceClass, setClass] = useState('');
	const classNames = useClassNames();
	const invite = useMutation({
		mutationFn: () =>
			inviteUser(http, { username: username.trim(), role, ...(serviceClass === '' ? {} : { serviceClass }) }),
		onSettled: () => queryClient.invalidateQueries({ queryKey: keys.people }),
	});
	if (invite.data) return <LinkShown made={invite.data} onDone={onClose} />;
	const command = `millrace admin user invite ${username.trim() || 'NAME'} --role ${role}${serviceClass === '' ? '' : ` --class ${serviceClass}`}`;
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				invite.mutate();
			}}
		>
			<Stack>
				<Text size="sm" c="dimmed">
					{words.inviteLead}
				</Text>
				<TextInput
					label={words.name}
					description={words.nameHint}
					required
					withAsterisk={false}
					data-autofocus
					autoCapitalize="none"
					autoComplete="off"
					spellCheck={false}
					maxLength={64}
					value={username}
					onChange={(event) => setUsername(event.currentTarget.value)}
				/>
				<NativeSelect
					label={words.role}
					value={role}
					onChange={({ currentTarget: { value } }) => setRole(ROLES.find((one) => one === value) ?? 'user')}
					data={[...ROLES]}
				/>
				<NativeSelect
					label={words.class}
					value={serviceClass}
					onChange={(event) => setClass(event.currentTarget.value)}
					data={[{ value: '', label: words.byGroupLong }, ...classNames.map((name) => ({ value: name, label: name }))]}
				/>
				{invite.isError && (
					<Text c="var(--mantine-color-error)" size="sm" role="alert">
						{errorText(invite.error)}
					</Text>
				)}
				<Group justify="flex-end" gap="sm">
					<CopyButton text={command} what={words.asCommand} />
					<Button variant="default" onClick={onClose}>
						{words.cancel}
					</Button>
					<Button type="submit" loading={invite.isPending}>
						{words.makeLink}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
