import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { listUserCredentials, listUserSessions } from '../../../shared/client/users.ts';
import type { PersonView } from '../../../shared/protocol/account.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { deviceWords } from '../../kit/device-words.ts';
import { http } from '../../kit/remote/api.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import classes from '../accounting/accounting.module.css';
import { keys } from '../remote/keys.ts';
import { useEndAccess } from './use-person-acts.ts';
import { words } from './words.ts';

const EVERY_MS = 15_000;

interface AccessRowProps {
	kind: string;
	name: string;
	more: ReactNode;
	isHere?: boolean;
	act: string;
	onEnd(): void;
}

const AccessRow = ({ kind, name, more, isHere = false, act, onEnd }: AccessRowProps) => (
	<li>
		<span>
			{kind}: <strong>{name}</strong>
			{isHere && ` (${words.you})`}
			<small>{more}</small>
		</span>
		{!isHere && (
			<Button variant="default" size="xs" onClick={onEnd} aria-label={words.endOf(`${kind} ${name}`)}>
				{act}
			</Button>
		)}
	</li>
);

/** By what somebody is let in, and the end of each: at once, also of what is open this moment. */
export const AccessCard = ({ person }: { person: PersonView }) => {
	const { id, username } = person;
	const sessions = useQuery({
		queryKey: keys.personSessions(id),
		queryFn: ({ signal }) => listUserSessions(http, id, { signal }),
		refetchInterval: EVERY_MS,
	});
	const credentials = useQuery({
		queryKey: keys.personCredentials(id),
		queryFn: ({ signal }) => listUserCredentials(http, id, { signal }),
		refetchInterval: EVERY_MS,
	});
	const end = useEndAccess(person);
	const [asking, dialog] = useDisclosure(false);
	const error = sessions.error ?? credentials.error;
	const isThere = sessions.data !== undefined && credentials.data !== undefined;
	const count = (sessions.data?.items.length ?? 0) + (credentials.data?.items.length ?? 0);
	const used = (at: string | null) =>
		at === null ? (
			words.neverUsed
		) : (
			<>
				{words.used} <RelativeTime at={at} />
			</>
		);
	return (
		<section className={page.card}>
			<div className={page.cardHead}>
				<h2>{words.access}</h2>
				{count > 0 && (
					<Button variant="default" size="xs" onClick={dialog.open}>
						{words.shutOut}
					</Button>
				)}
			</div>
			<p className={page.quiet}>{isThere && count === 0 ? words.noAccess : words.accessHint}</p>
			{!isThere &&
				(error ? (
					<ErrorState
						error={error}
						what={words.access}
						onRetry={() => {
							void sessions.refetch();
							void credentials.refetch();
						}}
					/>
				) : (
					<LoadingState what={words.access} rows={3} />
				))}
			{isThere && (
				<ul className={classes.rows}>
					{sessions.data.items.map((session) => (
						<AccessRow
							key={session.id}
							kind={words.session}
							name={deviceWords(session.userAgent)}
							isHere={session.current}
							act={words.end}
							onEnd={() => end.session.mutate(session.id)}
							more={
								<>
									{session.address} · {used(session.lastUsedAt)}
								</>
							}
						/>
					))}
					{credentials.data.items.map((credential) => (
						<AccessRow
							key={credential.id}
							kind={credential.kind === 'token' ? words.token : words.appPassword}
							name={credential.name}
							act={words.revoke}
							onEnd={() => end.credential.mutate(credential)}
							more={
								<>
									{credential.scopes.join(', ')} · {used(credential.lastUsedAt)}
								</>
							}
						/>
					))}
				</ul>
			)}
			<ConfirmDialog
				opened={asking}
				title={words.shutOutTitle(username)}
				act={words.shutOut}
				typed={username}
				busy={end.all.isPending}
				onClose={dialog.close}
				onConfirm={() => end.all.mutate(undefined, { onSettled: dialog.close })}
			>
				{words.shutOutText}
			</ConfirmDialog>
		</section>
	);
};
