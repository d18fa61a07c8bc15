import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AppPasswordView } from '../../../shared/client/app-passwords.ts';
import classes from '../../kit/account/account.module.css';
import { Icon } from '../../kit/icons.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import drive from './drive.module.css';

interface Props {
	password: AppPasswordView;
	busy: boolean;
	onRevoke(): void;
}

/** One app password. It asks in its own place before it ends: the list may lie in a dialog already. */
export const AppPasswordRow = ({ password, busy, onRevoke }: Props) => {
	const { name, access, createdAt, expiresAt, lastUsedAt } = password;
	// Null: never asked so far, so the focus is elsewhere.
	const [asked, setAsked] = useState<boolean | null>(null);
	const button = useRef<HTMLButtonElement>(null);
	useEffect(() => {
		if (asked !== null) button.current?.focus();
	}, [asked]);
	const used = (
		<>
			{lastUsedAt ? 'used ' : 'never used'}
			{lastUsedAt && <RelativeTime at={lastUsedAt} />}
		</>
	);
	if (asked) {
		return (
			<Row
				className={drive.asked}
				title={`Revoke ${name}?`}
				words={<>Every program with it is shut out at once and for good. It was {used}.</>}
			>
				<Button ref={button} variant="default" size="sm" onClick={() => setAsked(false)}>
					Keep
				</Button>
				<Button color="red" size="sm" loading={busy} onClick={onRevoke}>
					Revoke it
				</Button>
			</Row>
		);
	}
	const made = (
		<>
			{access === 'read-only' ? 'read-only · ' : ''}made <RelativeTime at={createdAt} /> · {used}
			{expiresAt !== null && ' · ends '}
			{expiresAt !== null && <RelativeTime at={expiresAt} />}
		</>
	);
	return (
		<Row title={name} words={made}>
			<Button ref={button} variant="default" size="sm" onClick={() => setAsked(true)}>
				Revoke<span className="millrace-off-screen"> the app password {name}</span>
			</Button>
		</Row>
	);
};

interface RowProps {
	title: string;
	words: ReactNode;
	className?: string | undefined;
	children: ReactNode;
}

const Row = ({ title, words, className = '', children }: RowProps) => (
	<div className={`${classes.row} ${className}`}>
		<span className={classes.rowIcon}>
			<Icon name="drive" size={19} />
		</span>
		<div className={classes.words}>
			<strong>{title}</strong>
			<span>{words}</span>
		</div>
		<div className={classes.rowActs}>{children}</div>
	</div>
);
