import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { confirmSession } from '../../../shared/client/session.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import classes from '../account/account.module.css';
import { words } from '../account/account-words.ts';
import { http } from '../remote/api.ts';
import { errorText } from '../remote/error-text.ts';
import { PasswordField } from './password-field.tsx';
import { useSession } from './session.tsx';

interface FreshAuthProps {
	opened: boolean;
	onAnswer(isConfirmed: boolean): void;
}

/** Before the dialog that asked for it. */
const IN_FRONT = 320;
/** Escape is for this dialog alone, not for the one behind it. */
const OWN_ESCAPE = { 'data-mantine-stop-propagation': 'true' };

/** The password again, and the code where there is a second factor. */
export const FreshAuthDialog = ({ opened, onAnswer }: FreshAuthProps) => (
	<Modal
		opened={opened}
		onClose={() => onAnswer(false)}
		title={words.freshTitle}
		zIndex={IN_FRONT}
		closeOnEscape={false}
	>
		{opened && <FreshAuthForm onAnswer={onAnswer} />}
	</Modal>
);

const FreshAuthForm = ({ onAnswer }: Pick<FreshAuthProps, 'onAnswer'>) => {
	const { state } = useSession();
	const [password, setPassword] = useState('');
	const [code, setCode] = useState('');
	const [needsCode, setNeedsCode] = useState(false);
	const confirm = useMutation({
		mutationFn: () => confirmSession(http, { password, ...(code === '' ? {} : { code }) }),
		onSuccess: () => onAnswer(true),
		onError: (error) => {
			setCode('');
			const why = error instanceof CodedError ? error.code : null;
			if (why === 'second-factor-required') setNeedsCode(true);
			else if (why === 'bad-credentials') setPassword('');
		},
	});
	const isOnlyAsked = confirm.error instanceof CodedError && confirm.error.code === 'second-factor-required';
	return (
		<form
			onKeyDown={(event) => {
				if (event.key === 'Escape') onAnswer(false);
			}}
			onSubmit={(event) => {
				event.preventDefault();
				confirm.mutate();
			}}
		>
			<Stack gap="md">
				<p className={classes.step}>{words.freshLead}</p>
				{/* Lets password managers know whose password it is. */}
				<input
					type="text"
					name="username"
					autoComplete="username"
					value={state.kind === 'in' ? state.me.username : ''}
					readOnly
					hidden
				/>
				<PasswordField
					label={words.password}
					autoComplete="current-password"
					required
					withAsterisk={false}
					data-autofocus
					value={password}
					onChange={(event) => setPassword(event.currentTarget.value)}
					{...OWN_ESCAPE}
				/>
				{needsCode && (
					<TextInput
						label={words.freshCode}
						autoComplete="one-time-code"
						required
						withAsterisk={false}
						autoFocus
						value={code}
						onChange={(event) => setCode(event.currentTarget.value)}
						{...OWN_ESCAPE}
					/>
				)}
				{confirm.isError && !isOnlyAsked && (
					<p className={classes.error} role="alert">
						{errorText(confirm.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={() => onAnswer(false)} {...OWN_ESCAPE}>
						{words.cancel}
					</Button>
					<Button type="submit" loading={confirm.isPending} {...OWN_ESCAPE}>
						{words.confirm}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
