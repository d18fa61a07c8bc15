import { Button, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AppPasswordAccess } from '../../../shared/protocol/account.ts';
import { errorText } from '../remote/error-text.ts';
import classes from './drive.module.css';

interface Props {
	/** What this machine is called unless told otherwise. */
	suggested: string;
	busy: boolean;
	error: unknown;
	onMake(wanted: { name: string; access: AppPasswordAccess }): void;
}

/** Asks what the password is for, and whether it may change anything. */
export const NewAppPasswordForm = ({ suggested, busy, error, onMake }: Props) => {
	const [name, setName] = useState(suggested);
	const [isReadOnly, setReadOnly] = useState(false);
	return (
		<form
			className={classes.form}
			onSubmit={(event) => {
				event.preventDefault();
				onMake({ name: name.trim(), access: isReadOnly ? 'read-only' : 'read-write' });
			}}
		>
			<div className={classes.make}>
				<TextInput
					label="Name"
					description="The machine or program that it is for."
					maxLength={100}
					autoComplete="off"
					data-autofocus
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<Button type="submit" loading={busy} disabled={name.trim() === ''}>
					Make app password
				</Button>
			</div>
			<Switch
				label="Read-only: nothing can be changed or deleted with it"
				checked={isReadOnly}
				onChange={(event) => setReadOnly(event.currentTarget.checked)}
			/>
			{error !== null && (
				<p className={classes.error} role="alert">
					{errorText(error)}
				</p>
			)}
		</form>
	);
};
