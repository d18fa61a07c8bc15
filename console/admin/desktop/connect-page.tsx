import { Alert, Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Desktop, Profile, ProfileDraft } from '../../bridge.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Icon } from '../../kit/icons.tsx';
import { useAct } from '../../kit/remote/use-act.ts';
import { Logo } from '../../kit/shell/logo.tsx';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { keys } from '../remote/keys.ts';
import classes from './connect.module.css';
import { useDesktopState } from './desktop-ties.tsx';
import { ProfileForm } from './profile-form.tsx';
import { ProfileRow } from './profile-row.tsx';
import { SightOf } from './sight-of.tsx';
import { words } from './words.ts';

const NEW: ProfileDraft = { id: null, name: '', url: '', color: null, isProduction: false };

/** The coordinators that this console knows: one is chosen, its certificate is looked at, or it is changed. */
export const ConnectPage = ({ desktop }: { desktop: Desktop }) => {
	useTitle(words.coordinators);
	const state = useDesktopState(desktop);
	const [edited, setEdited] = useState<ProfileDraft | null>(null);
	const [opened, setOpened] = useState<string | null>(null);
	const [forgotten, setForgotten] = useState<Profile | null>(null);
	const forget = useAct({
		act: (id: string) => desktop.forgetProfile(id),
		key: keys.desktop,
		failed: words.forgetTitle,
		onDone: () => setForgotten(null),
	});
	const refusedId = state.data?.isRefused ? state.data.currentId : null;
	useEffect(() => {
		// It is looked at until it is opened, also when it is not refused any more.
		if (refusedId !== null) setOpened(refusedId);
	}, [refusedId]);
	if (state.data === undefined) {
		return state.error === null ? (
			<LoadingState what={words.theCoordinators} rows={3} />
		) : (
			<ErrorState error={state.error} what={words.coordinators} onRetry={() => void state.refetch()} />
		);
	}
	const { profiles, currentId, keepsSessions, notes } = state.data;
	const isFirst = profiles.length === 0;
	const shown = profiles.find(({ id }) => id === opened);
	const draft = edited ?? (isFirst ? NEW : null);
	return (
		<main className={classes.page}>
			<div className={classes.head}>
				<Logo size={36} />
				<h1>{words.coordinators}</h1>
			</div>
			<p className={classes.lead}>{isFirst ? words.firstLead : words.lead}</p>
			{notes.map((note) => (
				<Alert key={note} color="orange" icon={<Icon name="alert" />} mb="md">
					{note}
				</Alert>
			))}
			{!isFirst && (
				<ul className={classes.list} aria-label={words.coordinators}>
					{profiles.map((profile) => (
						<ProfileRow
							key={profile.id}
							profile={profile}
							isCurrent={profile.id === currentId}
							onOpen={() => setOpened(profile.id)}
							onChange={() => setEdited(profile)}
							onForget={() => setForgotten(profile)}
						/>
					))}
				</ul>
			)}
			{shown && <SightOf key={shown.id} desktop={desktop} profile={shown} />}
			{draft === null ? (
				<Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => setEdited(NEW)}>
					{words.add}
				</Button>
			) : (
				<ProfileForm
					key={draft.id ?? 'new'}
					desktop={desktop}
					draft={draft}
					onSaved={(id) => {
						setEdited(null);
						setOpened(id);
					}}
					onCancel={isFirst ? null : () => setEdited(null)}
				/>
			)}
			{!keepsSessions && <p className={classes.lead}>{words.unsealed}</p>}
			<ConfirmDialog
				opened={forgotten !== null}
				title={words.forgetTitle}
				act={words.forgetAct}
				busy={forget.isPending}
				onConfirm={() => forgotten && forget.mutate(forgotten.id)}
				onClose={() => setForgotten(null)}
			>
				{forgotten && words.forgetText(forgotten.name)}
			</ConfirmDialog>
		</main>
	);
};
