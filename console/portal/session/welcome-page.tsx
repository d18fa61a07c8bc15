import { Alert, Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate } from 'react-router';
import { choosePassword, readPasswordLink, signIn } from '../../../shared/client/session.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import classes from '../../kit/session/entrance.module.css';
import { Entrance } from '../../kit/session/entrance.tsx';
import { PasswordField } from '../../kit/session/password-field.tsx';
import { useSession } from '../../kit/session/session.tsx';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { keys } from '../remote/keys.ts';
import { setupTokenOf } from './setup-token.ts';

const LEAST_LENGTH = 8;

/** Where a link leads that an administrator made: who was invited, or has forgotten the password, chooses one. */
export const WelcomePage = () => {
	useTitle('Welcome');
	const [token] = useState(() => setupTokenOf(window.location) ?? '');
	const [isDone, setDone] = useState(false);
	const query = useQuery({
		queryKey: keys.passwordLink,
		queryFn: ({ signal }) => readPasswordLink(http, token, { signal }),
		enabled: token !== '' && !isDone,
		// It is used up once it was used: asking again would say so and take the form away.
		staleTime: Number.POSITIVE_INFINITY,
	});
	if (isDone) return <Navigate to="/files" replace />;
	if (token === '' || (query.error instanceof CodedError && query.error.code === 'password-link-invalid')) {
		return (
			<Entrance
				title="This link is not good any more"
				lead="It was used already, has expired, or is not whole. Ask an administrator for another one."
			>
				<div className={classes.form}>
					<Button component={Link} to="/sign-in" size="md">
						Go to sign-in
					</Button>
				</div>
			</Entrance>
		);
	}
	if (query.data === undefined) {
		return (
			<Entrance title="Millrace">
				{query.error ? (
					<ErrorState error={query.error} what="The link cannot be looked at" onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what="whose link this is" rows={3} />
				)}
			</Entrance>
		);
	}
	const { username, purpose } = query.data;
	return (
		<Entrance
			title={purpose === 'invite' ? `Welcome, ${username}` : 'Choose a new password'}
			lead={
				purpose === 'invite'
					? 'Choose a password. Nobody else will know it, not even who invited you.'
					: `For ${username}. When it is chosen, you are signed out everywhere else.`
			}
		>
			<ChooseForm token={token} username={username} onDone={() => setDone(true)} />
		</Entrance>
	);
};

const ChooseForm = (props: { token: string; username: string; onDone(): void }) => {
	const { token, username, onDone } = props;
	const { enter } = useSession();
	const [password, setPassword] = useState('');
	const choice = useMutation({
		mutationFn: async () => {
			await choosePassword(http, { token, password });
			return signIn(http, { username, password }).catch((error: unknown) => {
				// The password is chosen; the code is asked for where one signs in.
				if (error instanceof CodedError && error.code === 'second-factor-required') return null;
				throw error;
			});
		},
		onSuccess: (me) => {
			onDone();
			if (me !== null) enter(me);
		},
	});
	const tooShort = password !== '' && [...password].length < LEAST_LENGTH;
	return (
		<form
			className={classes.form}
			onSubmit={(event) => {
				event.preventDefault();
				if (!tooShort) choice.mutate();
			}}
		>
			{choice.isError && (
				<Alert color="red" icon={<Icon name="alert" />} role="alert">
					{errorText(choice.error)} <Link to="/sign-in">Go to sign-in</Link>
				</Alert>
			)}
			{/* Password managers keep the name with what is chosen. */}
			<input
				className="millrace-off-screen"
				name="username"
				autoComplete="username"
				value={username}
				readOnly
				tabIndex={-1}
				aria-hidden="true"
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
			<Button type="submit" size="md" loading={choice.isPending}>
				Choose this password
			</Button>
		</form>
	);
};
