import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changePassword } from '../../../shared/client/session.ts';
import { notifyDone } from '../notify.tsx';
import { http } from '../remote/api.ts';
import { errorText } from '../remote/error-text.ts';
import { queryClient } from '../remote/query-client.ts';
import { PasswordField } from '../session/password-field.tsx';
import { useMe } from '../session/session.tsx';
import classes from './account.module.css';
import { SESSIONS_KEY } from './account-keys.ts';
import { Card } from './card.tsx';

/** Another password; every other session ends by it. */
export const PasswordCard = () => {
	const me = useMe();
	const [current, setCurrent] = useState('');
	const [next, setNext] = useState('');
	const change = useMutation({
		mutationFn: () => changePassword(http, { current, new: next }),
		onSuccess: () => {
			setCurrent('');
			setNext('');
			notifyDone('Your password has changed. Your other sessions have ended.');
			void queryClient.invalidateQueries({ queryKey: SESSIONS_KEY });
		},
	});
	return (
		<Card title="Password" lead="Changing it ends all your other sessions.">
			<form
				className={classes.password}
				onSubmit={(event) => {
					event.preventDefault();
					change.mutate();
				}}
			>
				{/* Lets password managers know whose password it is. */}
				<input type="text" name="username" autoComplete="username" value={me.username} readOnly hidden />
				<PasswordField
					label="Current password"
					autoComplete="current-password"
					required
					withAsterisk={false}
					value={current}
					onChange={(event) => setCurrent(event.currentTarget.value)}
				/>
				<PasswordField
					label="New password"
					description="At least 8 characters."
					autoComplete="new-password"
					required
					withAsterisk={false}
					minLength={8}
					value={next}
					onChange={(event) => setNext(event.currentTarget.value)}
				/>
				{change.isError && (
					<p className={classes.error} role="alert">
						{errorText(change.error)}
					</p>
				)}
				<Button type="submit" loading={change.isPending}>
					Change password
				</Button>
			</form>
		</Card>
	);
};
