import { Alert, Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { signIn } from '../../../shared/client/session.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { Icon } from '../icons.tsx';
import { http } from '../remote/api.ts';
import { errorText } from '../remote/error-text.ts';
import { useTitle } from '../use-title.ts';
import { CodeField } from './code-field.tsx';
import classes from './entrance.module.css';
import { Entrance } from './entrance.tsx';
import { PasswordField } from './password-field.tsx';
import { useSession } from './session.tsx';
import { useSetupState } from './use-setup-state.ts';

/** Where one was when the session ended, or else at home. */
const returnTo = (state: unknown, home: string): string => {
	const from = typeof state === 'object' && state !== null && 'from' in state ? state.from : null;
	return typeof from === 'string' && /^\/(?![/\\])/.test(from) ? from : home;
};

interface SignInPageProps {
	/** Where one goes who came from nowhere. */
	home: string;
	/** Leads to where a set-up link's token can be entered. */
	toSetup: ReactNode;
}

/** Name and password; errors do not tell which of the two was wrong. */
export const SignInPage = ({ home, toSetup }: SignInPageProps) => {
	useTitle('Sign in');
	const { state, enter } = useSession();
	const location = useLocation();
	const [username, setUsername] = useState('');
	const [password, setPassword] = useState('');
	const [code, setCode] = useState('');
	/** The password was right, and a code is needed besides. */
	const [needsCode, setNeedsCode] = useState(false);
	const setup = useSetupState();
	const passwordInput = useRef<HTMLInputElement>(null);
	const attempt = useMutation({
		mutationFn: () => signIn(http, { username, password, ...(needsCode ? { code } : {}) }),
		onSuccess: enter,
		onError: (error) => {
			const why = error instanceof CodedError ? error.code : null;
			setCode('');
			if (why === 'second-factor-required') return setNeedsCode(true);
			// Elsewhere the password was changed, or the code only came too late: then the password still holds.
			if (needsCode && why !== 'bad-credentials') return;
			leaveCode();
		},
	});
	const leaveCode = () => {
		setNeedsCode(false);
		setPassword('');
		passwordInput.current?.focus();
	};
	const isOnlyAsked = attempt.error instanceof CodedError && attempt.error.code === 'second-factor-required';

	if (state.kind === 'in') return <Navigate to={returnTo(location.state, home)} replace />;
	const ended = state.kind === 'out' && state.why === 'ended';
	return (
		<Entrance title="Sign in to Millrace">
			<form
				className={classes.form}
				onSubmit={(event) => {
					event.preventDefault();
					attempt.mutate();
				}}
			>
				{ended && !attempt.isError && (
					<Alert color="indigo" icon={<Icon name="clock" />} title="Your session has ended">
						It was ended elsewhere or had been idle for too long. Sign in and you are back where you were.
					</Alert>
				)}
				{setup === 'needed' && (
					<Alert color="orange" icon={<Icon name="key" />} title="Nobody has an account yet">
						Open the set-up link that the coordinator printed when it started, or {toSetup}.
					</Alert>
				)}
				{attempt.isError && !isOnlyAsked && (
					<Alert color="red" icon={<Icon name="alert" />} role="alert">
						{errorText(attempt.error)}
					</Alert>
				)}
				{needsCode ? (
					<CodeField value={code} onChange={setCode} />
				) : (
					<>
						<TextInput
							label="Name"
							name="username"
							autoComplete="username"
							autoCapitalize="none"
							spellCheck={false}
							required
							withAsterisk={false}
							autoFocus
							size="md"
							value={username}
							onChange={(event) => setUsername(event.currentTarget.value)}
						/>
						<PasswordField
							label="Password"
							name="password"
							autoComplete="current-password"
							required
							withAsterisk={false}
							size="md"
							ref={passwordInput}
							value={password}
							onChange={(event) => setPassword(event.currentTarget.value)}
						/>
					</>
				)}
				<Button type="submit" size="md" loading={attempt.isPending}>
					Sign in
				</Button>
				{needsCode && (
					<Button
						variant="subtle"
						color="gray"
						onClick={() => {
							attempt.reset();
							leaveCode();
						}}
					>
						Back
					</Button>
				)}
			</form>
		</Entrance>
	);
};
