import { Alert, Button, Modal, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { createAppPassword, driveUrlOf } from '../../../shared/client/app-passwords.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { systemOf } from '../../kit/device-words.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useMe } from '../../kit/session/session.tsx';
import { LoadingState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import { AppPasswordList } from './app-password-list.tsx';
import classes from './drive.module.css';
import { DriveSteps } from './drive-steps.tsx';
import { freeName, isOpenLine, usualWay } from './drive-ways.ts';
import { NewAppPasswordForm } from './new-app-password-form.tsx';
import { useAppPasswords } from './use-app-passwords.ts';

/** One's files as a drive of the machine: a password for it, its address, and what to do with both. */
export const DriveDialog = ({ opened, onClose }: { opened: boolean; onClose(): void }) => (
	<Modal opened={opened} onClose={onClose} title="Open as network drive" size={680}>
		{/* Closed, it forgets the password. */}
		{opened && <DriveForm />}
	</Modal>
);

const DriveForm = () => {
	const { username } = useMe();
	const system = systemOf(navigator.userAgent);
	const { data: known, isPending } = useAppPasswords();
	// By whatever name this page was opened: programs must find it by the one that is meant for all.
	const url = driveUrlOf(known ?? { driveUrl: null }, location.origin);
	const names = known?.items.map(({ name }) => name) ?? [];
	const [isAnother, setAnother] = useState(false);
	const make = useMutation({
		mutationFn: (wanted: Parameters<typeof createAppPassword>[1]) => createAppPassword(http, wanted),
		onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.appPasswords }),
	});
	const password = make.data?.password ?? null;
	return (
		<div className={classes.parts}>
			<Text c="dimmed">
				Your files as a drive of this machine, by WebDAV: what you put there is uploaded and processed as everywhere
				else. In its folder <code>_inbox</code> each of your recipes has a folder: what is dropped there is processed by
				that recipe, and the results appear beside it, with a status that says how far it is.
			</Text>
			{!isPending && isOpenLine(new URL(url)) && <NotEncrypted />}
			<section>
				<h3>1. An app password for it</h3>
				{password === null ? (
					<NewAppPasswordForm
						suggested={freeName(system === undefined ? 'Network drive' : `Drive on ${system}`, names)}
						isBack={isAnother}
						busy={make.isPending}
						error={make.error}
						onMake={(wanted) => make.mutate(wanted)}
					/>
				) : (
					<Made />
				)}
				{isPending ? (
					<LoadingState what="the address" rows={2} />
				) : (
					<dl className={classes.facts}>
						<Fact name="Address" text={url} what="the address" />
						<Fact name="User name" text={username} what="the user name" />
						{password !== null && <Fact name="App password" text={password} what="the app password" />}
					</dl>
				)}
				{password !== null && (
					<Button
						variant="default"
						mt="md"
						onClick={() => {
							setAnother(true);
							make.reset();
						}}
					>
						Make another
					</Button>
				)}
			</section>
			{!isPending && (
				<section>
					<h3>2. Open it</h3>
					<DriveSteps drive={{ url, username, password }} first={usualWay(system)} />
				</section>
			)}
			<section>
				<h3>Your app passwords</h3>
				<AppPasswordList onRevoked={(id) => id === make.data?.id && make.reset()} />
			</section>
		</div>
	);
};

const NotEncrypted = () => (
	<Alert color="orange" icon={<Icon name="alert" />} title="This address is not encrypted">
		Over http:// everybody on the way can read the app password and your files, so the drive does not open by it unless
		your administrator has allowed it. Ask for an https:// address.
	</Alert>
);

/** What was made is said at once, also to who does not see it appear. */
const Made = () => {
	const ref = useRef<HTMLDivElement>(null);
	useEffect(() => ref.current?.focus(), []);
	return (
		<Alert ref={ref} tabIndex={-1} color="orange" icon={<Icon name="key" />} title="Copy the app password now">
			This is the only time that it is shown. If it is lost, make another one and revoke this.
		</Alert>
	);
};

const Fact = ({ name, text, what }: { name: string; text: string; what: string }) => (
	<div>
		<dt>{name}</dt>
		<dd className={classes.copied}>
			<code>{text}</code>
			<CopyButton text={text} what={what} />
		</dd>
	</div>
);
