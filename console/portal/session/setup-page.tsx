import { Alert, Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate } from 'react-router';
import { setUp, signIn } from '../../../shared/client/session.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import classes from '../../kit/session/entrance.module.css';
import { Entrance } from '../../kit/session/entrance.tsx';
import { PasswordField } from '../../kit/session/password-field.tsx';
import { useSession } from '../../kit/session/session.tsx';
import { useSetupState } from '../../kit/session/use-setup-state.ts';
import { LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { setupTokenOf } from './setup-token.ts';

const LEAST_LENGTH = 8;

/** Makes the first administrator with the set-up link’s token; says at once when somebody has used it already. */
export const SetupPage = () => {
	useTitle('Set up');
	const { state } = useSession();
	const setup = useSetupState();
	if (state.kind === 'in') return <Navigate to="/files" replace />;
	if (setup === 'over') return <AlreadySetUp />;
	if (setup === 'asking') {
		return (
			<Entrance title="Millrace">
				<LoadingState what="whether an account is there" rows={3} />
			</Entrance>
		);
	}
	return (
		<Entrance
			title="Welcome to Millrace"
			lead="Make the first account. It is an administrator’s: it may do everything here."
		>
			<SetupForm />
		</Entrance>
	);
};

const AlreadySetUp = () => (
	<Entrance
		title="Millrace is set up already"
		lead="The first account has been made, and a set-up link works only once. Other accounts are made by an administrator."
	>
		<div className={classes.form}>
			<Button component={Link} to="/sign-in" size="md">
				Go to sign-in
			</Button>
		</div>
	</Entrance>
);

const SetupForm = () => {
	const { enter } = useSession();
	const [found] = useState(() => setupTokenOf(window.location));
	const [token, setToken] = useState(found ?? '');
	const [username, setUsername] = useState('admin');
	const [password, setPassword] = useState('');
	const attempt = useMutation({
		mutationFn: async () => {
			await setUp(http, { token: token.trim(), username, password });
			return signIn(http, { username, password });
		},
		onSuccess: enter,
	});
	const tooShort = password !== '' && [...password].length < LEAST_LENGTH;

	return (
		<form
			className={classes.form}
			onSubmit={(event) => {
				event.preventDefault();
				if (!tooShort) attempt.mutate();
			}}
		>
			{attempt.isError && (
				<Alert color="red" icon={<Icon name="alert" />} role="alert">
					{errorText(attempt.error)} <Link to="/sign-in">Go to sign-in</Link>
				</Alert>
			)}
			{found === null && (
				<TextInput
					label="Set-up token"
					description="The coordinator printed it when it started."
					required
					withAsterisk={false}
					autoComplete="off"
					spellCheck={false}
					size="md"
					value={token}
					onChange={(event) => setToken(event.currentTarget.value)}
				/>
			)}
			<TextInput
				label="Name"
				name="username"
				autoComplete="username"
				autoCapitalize="none"
				spellCheck={false}
				required
				withAsterisk={false}
				size="md"
				value={username}
				onChange={(event) => setUsername(event.currentTarget.value)}
			/>
			<PasswordField
				label="Password"
				description="At least 8 characters. A few unrelated words make a good one."
				name="password"
				autoComplete="new-password"
				required
				withAsterisk={false}
				autoFocus
				size="md"
				value={password}
				error={tooShort ? 'Still too short' : null}
				onChange={(event) => setPassword(event.currentTarget.value)}
			/>
			<Button type="submit" size="md" loading={attempt.isPending}>
				Make the account
			</Button>
		</form>
	);
};
