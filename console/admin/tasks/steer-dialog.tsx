import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { steerTasks } from '../../../shared/client/task-steering.ts';
import type { TaskVerb } from '../../../shared/protocol/act.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import page from '../../kit/shell/page.module.css';
import { type ActTarget, actCommand } from './act-command.ts';
import { actWords, followAct } from './follow-act.tsx';
import { filterWords, steerFilterOf } from './task-filter.ts';
import classes from './tasks.module.css';
import { VERBS } from './verbs.ts';
import { words } from './words.ts';

/** Counting goes no further: with a million it would take long and say no more. */
const MOST_COUNTED = 10_000;

interface SteerDialogProps {
	/** Null: closed. */
	verb: TaskVerb | null;
	target: ActTarget;
	onClose(): void;
	/** It has begun. */
	onBegun?(): void;
}

/** Asks how many an act would be on, why it is done, and where tasks are to be moved; its button names how many, and which. */
export const SteerDialog = ({ verb, ...props }: SteerDialogProps) => (
	<Modal
		opened={verb !== null}
		onClose={props.onClose}
		title={verb === null ? '' : words.dialogTitle(VERBS[verb].word)}
	>
		{verb !== null && <SteerForm key={verb} verb={verb} {...props} />}
	</Modal>
);

const noteOf = (verb: TaskVerb): string =>
	verb === 'cancel' ? words.cancelNote : verb === 'retry' ? words.retryNote : words.undoNote;

const SteerForm = ({ verb, target, onClose, onBegun }: SteerDialogProps & { verb: TaskVerb }) => {
	const [reason, setReason] = useState('');
	const [routingKey, setRoutingKey] = useState('');
	const [force, setForce] = useState(false);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const filter = 'filter' in target ? steerFilterOf(target.filter) : null;
	const which = 'ids' in target ? { ids: [...target.ids] } : { filter: filter ?? {} };
	// A key that binds nothing is told when it is tried; counting is not about it.
	const toMove = verb === 'move' ? { routingKey: routingKey || 'x', force: true } : {};
	const counted = useQuery({
		queryKey: ['steer-count', verb, filter],
		queryFn: () =>
			steerTasks(http, { verb, ...which, ...toMove, dryRun: true, ...(filter && { countTo: MOST_COUNTED }) }),
		enabled: filter !== null,
		staleTime: 0,
		gcTime: 0,
	});
	const count = 'ids' in target ? target.ids.length : counted.data?.matched;
	const isMany = count !== undefined && count > MOST_COUNTED;
	const act = async (event: FormEvent) => {
		event.preventDefault();
		setBusy(true);
		setFault(null);
		try {
			const answer = await steerTasks(http, {
				...{ verb, ...which },
				...(verb === 'move' && { routingKey, force }),
				...(reason.trim() !== '' && { reason }),
				...(filter !== null && !isMany && count !== undefined && { expected: count }),
			});
			onBegun?.();
			onClose();
			void followAct(answer, actWords(verb));
		} catch (error) {
			setFault(errorText(error));
			if (filter !== null) void counted.refetch();
		} finally {
			setBusy(false);
		}
	};
	const said = count === undefined ? words.counting : words.fits(count, MOST_COUNTED);
	const named = 'filter' in target ? `${said}: ${filterWords(target.filter)}` : said;
	return (
		<form onSubmit={(event) => void act(event)}>
			<Stack gap="md">
				<p className={page.quiet}>
					{noteOf(verb)} {isMany && words.manyNote}
				</p>
				{verb === 'move' && (
					<>
						<TextInput
							label={words.routingKey}
							description={words.routingKeyHint}
							value={routingKey}
							onChange={(event) => setRoutingKey(event.currentTarget.value)}
							required
							autoComplete="off"
							data-autofocus
						/>
						<Checkbox label={words.force} checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />
					</>
				)}
				<TextInput
					label={words.reason}
					description={words.reasonHint}
					value={reason}
					onChange={(event) => setReason(event.currentTarget.value)}
					maxLength={500}
					autoComplete="off"
				/>
				{counted.error !== null && (
					<p className={page.fault} role="alert">
						{words.countFailed}: {errorText(counted.error)}
					</p>
				)}
				{count === 0 && <p className={page.quiet}>{words.nothingFits}</p>}
				{fault !== null && (
					<p className={page.fault} role="alert">
						{fault}
					</p>
				)}
				<Group justify="flex-end" gap="sm" wrap="wrap">
					<CopyButton text={actCommand(verb, target, { routingKey, reason: reason.trim() })} what={words.copyCommand} />
					<Button variant="default" onClick={onClose}>
						{words.keep}
					</Button>
					<Button
						type="submit"
						className={classes.named!}
						color={verb === 'cancel' ? 'red' : 'indigo'}
						leftSection={<Icon name={VERBS[verb].icon} size={16} />}
						disabled={count === undefined || count === 0}
						loading={busy}
					>
						{VERBS[verb].word} {named}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
