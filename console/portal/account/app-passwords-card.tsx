import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createAppPassword, deleteAppPassword, listAppPasswords } from '../../../shared/client/app-passwords.ts';
import { Icon } from '../../kit/icons.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { http } from '../remote/api.ts';
import { errorText } from '../remote/error-text.ts';
import { keys } from '../remote/keys.ts';
import { queryClient } from '../remote/query-client.ts';
import classes from './account.module.css';
import { Card, CardList } from './card.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useEnding } from './use-ending.ts';

/** Passwords for programs that want one, such as network drives; the real one is never given away. */
export const AppPasswordsCard = () => {
	const [making, dialog] = useDisclosure(false);
	const query = useQuery({ queryKey: keys.appPasswords, queryFn: ({ signal }) => listAppPasswords(http, { signal }) });
	const ending = useEnding({
		key: keys.appPasswords,
		done: 'The app password is deleted',
		end: (id) => deleteAppPassword(http, id),
	});
	return (
		<Card
			title="App passwords"
			lead="One for each program that asks for a password. They are for the network drive, which opens in a coming version."
			act={
				<Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={dialog.open}>
					New app password
				</Button>
			}
		>
			<CardList
				query={query}
				what="your app passwords"
				none="No app passwords yet."
				row={(password) => (
					<div className={classes.row}>
						<span className={classes.rowIcon}>
							<Icon name="key" size={19} />
						</span>
						<div className={classes.words}>
							<strong>{password.name}</strong>
							<span>
								made <RelativeTime at={password.createdAt} /> · {password.lastUsedAt ? 'used ' : 'never used'}
								{password.lastUsedAt && <RelativeTime at={password.lastUsedAt} />}
							</span>
						</div>
						<Button variant="default" size="sm" onClick={() => ending.mutate(password.id)}>
							Delete<span className="millrace-off-screen"> the app password {password.name}</span>
						</Button>
					</div>
				)}
			/>
			<Modal opened={making} onClose={dialog.close} title="New app password">
				<NewAppPasswordForm onClose={dialog.close} />
			</Modal>
		</Card>
	);
};

const NewAppPasswordForm = ({ onClose }: { onClose(): void }) => {
	const [name, setName] = useState('');
	const make = useMutation({
		mutationFn: () => createAppPassword(http, name.trim()),
		onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.appPasswords }),
	});
	if (make.data) return <ShownOnce secret={make.data.password} what="the app password" onDone={onClose} />;
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				make.mutate();
			}}
		>
			<Stack>
				<TextInput
					label="Name"
					description="The program or device that will use it."
					required
					withAsterisk={false}
					maxLength={100}
					autoComplete="off"
					data-autofocus
					value={name}
					error={make.isError ? errorText(make.error) : null}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
						Make app password
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
