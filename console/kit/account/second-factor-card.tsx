import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readSecondFactor, removeSecondFactor, renewRecoveryCodes } from '../../../shared/client/second-factor.ts';
import type { SecondFactorView } from '../../../shared/protocol/account.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { http } from '../remote/api.ts';
import { errorText } from '../remote/error-text.ts';
import { queryClient } from '../remote/query-client.ts';
import { useAct } from '../remote/use-act.ts';
import { useSession } from '../session/session.tsx';
import { LoadingState } from '../states.tsx';
import { RelativeTime } from '../time.tsx';
import classes from './account.module.css';
import { SECOND_FACTOR_KEY } from './account-keys.ts';
import { words } from './account-words.ts';
import { Card } from './card.tsx';
import { Enrolment } from './enrolment.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** So few recovery codes are worth a word. */
const FEW = 3;

/** A code besides the password: set up, kept up, taken away. */
export const SecondFactorCard = () => {
	const query = useQuery({
		queryKey: SECOND_FACTOR_KEY,
		queryFn: ({ signal }) => readSecondFactor(http, { signal }),
	});
	return (
		<Card title={words.title} lead={words.lead}>
			{query.data !== undefined ? (
				<Inside view={query.data} />
			) : query.error ? (
				<p className={classes.error} role="alert">
					{errorText(query.error)}
				</p>
			) : (
				<LoadingState what={words.what} rows={2} />
			)}
		</Card>
	);
};

const Inside = ({ view }: { view: SecondFactorView }) => {
	const [codes, setCodes] = useState<readonly string[] | null>(null);
	// Read again only when the codes were kept: what is shown once must not go by itself.
	const reread = () => void queryClient.invalidateQueries({ queryKey: SECOND_FACTOR_KEY });
	if (codes !== null) {
		const done = () => {
			setCodes(null);
			reread();
		};
		return <RecoveryCodes codes={codes} onDone={done} />;
	}
	if (view.enabled) return <Enabled view={view} onNewCodes={setCodes} />;
	return <Enrolment lead={view.required ? `${words.off} ${words.needed}` : words.off} onDone={reread} />;
};

interface EnabledProps {
	view: SecondFactorView;
	onNewCodes(codes: readonly string[]): void;
}

const Enabled = ({ view, onNewCodes }: EnabledProps) => {
	const { ask } = useSession();
	const [asked, setAsked] = useState<'renew' | 'remove' | null>(null);
	const close = () => setAsked(null);
	const renew = useAct({
		act: () => renewRecoveryCodes(http),
		key: [],
		failed: words.failed,
		onDone: ({ recoveryCodes }) => {
			close();
			onNewCodes(recoveryCodes);
		},
	});
	const remove = useAct({
		act: () => removeSecondFactor(http),
		key: SECOND_FACTOR_KEY,
		done: words.removed,
		failed: words.failed,
		onDone: () => {
			close();
			if (view.required) ask();
		},
	});
	return (
		<>
			<p className={classes.step}>
				{words.onSince} {view.since !== null && <RelativeTime at={view.since} />} · {words.left(view.recoveryCodesLeft)}
				. {view.recoveryCodesLeft <= FEW && words.fewLeft}
			</p>
			<Group gap="sm">
				<Button variant="default" onClick={() => setAsked('renew')}>
					{words.newCodes}
				</Button>
				<Button variant="default" onClick={() => setAsked('remove')}>
					{words.remove}
				</Button>
			</Group>
			<ConfirmDialog
				opened={asked === 'renew'}
				title={words.renewTitle}
				act={words.renewAct}
				busy={renew.isPending}
				onConfirm={() => renew.mutate()}
				onClose={close}
			>
				{words.renewText}
			</ConfirmDialog>
			<ConfirmDialog
				opened={asked === 'remove'}
				title={words.removeTitle}
				act={words.removeAct}
				busy={remove.isPending}
				onConfirm={() => remove.mutate()}
				onClose={close}
			>
				{view.required ? words.removeNeeded : words.removeText}
			</ConfirmDialog>
		</>
	);
};
