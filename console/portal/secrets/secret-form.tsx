import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createSecret, replaceSecret } from '../../../shared/client/secrets.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { type SecretView, secretNameSchema } from '../../../shared/protocol/secret.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';

interface SecretFormProps {
	/** It is given another value; none: a new one is made. */
	secret?: SecretView;
	onDone(secret: SecretView): void;
	onClose(): void;
}

const isTaken = (error: unknown): boolean => error instanceof CodedError && error.code === 'name-taken';

/** Asks for a secret, which is shown to nobody afterwards. */
export const SecretForm = ({ secret, onDone, onClose }: SecretFormProps) => {
	const [name, setName] = useState('');
	const [value, setValue] = useState('');
	const [left, setLeft] = useState(false);
	const isName = secret !== undefined || secretNameSchema.safeParse(name).success;
	const save = useMutation({
		mutationFn: () => (secret ? replaceSecret(http, secret.id, value) : createSecret(http, { name, value })),
		onSuccess: async (saved) => {
			// It is in no state that outlives the form.
			setValue('');
			await queryClient.invalidateQueries({ queryKey: keys.secrets });
			notifyDone(secret ? `The secret ${saved.name} has its new value` : `The secret ${saved.name} is kept`);
			onDone(saved);
		},
	});
	const nameFault = () => {
		if (save.isError && isTaken(save.error)) return 'You have a secret of that name. Choose another, or replace it.';
		return left && !isName ? 'Write letters, digits, spaces or . _ @ - and begin with a letter or a digit.' : null;
	};
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				// The form may stand within another one’s page.
				event.stopPropagation();
				setLeft(true);
				if (isName && value !== '') save.mutate();
			}}
		>
			<Stack>
				{secret === undefined && (
					<TextInput
						label="Name"
						description="By it you choose the secret later, such as x-token."
						required
						withAsterisk={false}
						maxLength={63}
						autoComplete="off"
						spellCheck={false}
						data-autofocus
						value={name}
						error={nameFault()}
						onBlur={() => setLeft(name !== '')}
						onChange={(event) => {
							setName(event.currentTarget.value);
							save.reset();
						}}
					/>
				)}
				<PasswordInput
					label={secret ? 'New value' : 'Value'}
					description="Kept sealed, given only to tasks that name it, and never shown again."
					required
					withAsterisk={false}
					autoComplete="off"
					data-autofocus={secret !== undefined || undefined}
					visibilityToggleButtonProps={{ 'aria-label': 'Show the value', tabIndex: 0, 'aria-hidden': false }}
					value={value}
					onChange={(event) => setValue(event.currentTarget.value)}
				/>
				{save.isError && !isTaken(save.error) && (
					<p className={classes.fault} role="alert">
						{errorText(save.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={save.isPending} disabled={!isName || value === ''}>
						{secret ? 'Replace the value' : 'Keep the secret'}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
