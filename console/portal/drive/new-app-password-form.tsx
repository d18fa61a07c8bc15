import { Button, Switch, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { AppPasswordAccess } from '../../../shared/protocol/account.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import classes from './drive.module.css';

interface Props {
	/** What this machine is called unless told otherwise. */
	suggested: string;
	/** It has come in the place of something else: it gets the focus. */
	isBack: boolean;
	busy: boolean;
	error: unknown;
	onMake(wanted: { name: string; access: AppPasswordAccess }): void;
}

/** Asks what the password is for, and whether it may change anything. */
export const NewAppPasswordForm = ({ suggested, isBack, busy, error, onMake }: Props) => {
	const [given, setName] = useState<string | null>(null);
	const name = given ?? suggested;
	const [isReadOnly, setReadOnly] = useState(false);
	const input = useRef<HTMLInputElement>(null);
	useEffect(() => {
		if (isBack) input.current?.focus();
	}, [isBack]);
	return (
		<form
			className={classes.form}
			onSubmit={(event) => {
				event.preventDefault();
				onMake({ name: name.trim(), access: isReadOnly ? 'read-only' : 'read-write' });
			}}
		>
			<TextInput
				ref={input}
				label="Name"
				description="The machine or program that it is for."
				maxLength={100}
				autoComplete="off"
				data-autofocus
				value={name}
				onChange={(event) => setName(event.currentTarget.value)}
			/>
			<Switch
				label="Read-only: nothing can be changed or deleted with it"
				checked={isReadOnly}
				onChange={(event) => setReadOnly(event.currentTarget.checked)}
			/>
			<Button type="submit" className={classes.act!} loading={busy} disabled={name.trim() === ''}>
				Make app password
			</Button>
			{error !== null && (
				<p className={classes.error} role="alert">
					{errorText(error)}
				</p>
			)}
		</form>
	);
};
