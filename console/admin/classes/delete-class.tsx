import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { deleteServiceClass } from '../../../shared/client/service-classes.ts';
import { type ServiceClassView, STANDARD_CLASS } from '../../../shared/protocol/service-class.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import classes from './classes.module.css';
import { words } from './words.ts';

/** Deletes a class that nobody has; of one that somebody has it says who. */
export const DeleteClass = ({ view }: { view: ServiceClassView }) => {
	const navigate = useNavigate();
	const [opened, dialog] = useDisclosure(false);
	const { name, version, given } = view;
	const removal = useMutation({
		mutationFn: () => deleteServiceClass(http, name, { ifVersion: version }),
		async onSuccess() {
			notifyDone(words.removed(name));
			void navigate('/classes');
			await queryClient.invalidateQueries({ queryKey: keys.classes });
		},
	});
	const isInUse = name === STANDARD_CLASS || given.users + given.groups > 0;
	const close = () => {
		dialog.close();
		removal.reset();
	};
	return (
		<>
			<Button variant="default" onClick={dialog.open}>
				{words.remove}…
			</Button>
			{isInUse ? (
				<Modal opened={opened} onClose={close} title={words.inUseTitle(name)}>
					{name === STANDARD_CLASS ? <p>{words.standardText}</p> : <GivenTo view={view} />}
					<Button variant="default" onClick={close}>
						{words.close}
					</Button>
				</Modal>
			) : (
				<ConfirmDialog
					opened={opened}
					title={words.removeTitle(name)}
					act={words.remove}
					typed={name}
					busy={removal.isPending}
					error={removal.error === null ? null : errorText(removal.error)}
					onConfirm={() => removal.mutate()}
					onClose={close}
				>
					{words.removeText}
				</ConfirmDialog>
			)}
		</>
	);
};

const GivenTo = ({ view: { name, given } }: { view: ServiceClassView }) => (
	<>
		<p>{words.inUseText}</p>
		<ul className={classes.sentences}>
			{given.users > 0 && (
				<li>
					<Link to={`/users?class=${name}`}>{words.people(given.users)}</Link>: {named(given.userNames, given.users)}
				</li>
			)}
			{given.groups > 0 && (
				<li>
					<Link to={`/groups?class=${name}`}>{words.groups(given.groups)}</Link>:{' '}
					{named(given.groupNames, given.groups)}
				</li>
			)}
		</ul>
	</>
);

const named = (names: readonly string[], all: number): string =>
	[...names, ...(all > names.length ? [words.andMore(all - names.length)] : [])].join(', ');
