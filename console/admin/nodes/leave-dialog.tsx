import { Button, Group, Select, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Duration } from '../../kit/time.tsx';
import { commandOf } from './node-acts.ts';
import classes from './nodes.module.css';
import { useNodeActs } from './use-node-acts.ts';
import { useRunningAttempts } from './use-nodes.ts';
import { words } from './words.ts';

const HOUR_MS = 3_600_000;
const HOURS = [1, 2, 8, 24, 72];
const MOST_SHOWN = 5;

/** Why and until when a node is to take no work; of a drain, what still runs there. */
export const LeaveForm = ({ act, node, onClose }: { act: 'cordon' | 'drain'; node: NodeView; onClose(): void }) => {
	const [reason, setReason] = useState('');
	const [hours, setHours] = useState<string | null>('');
	const { leave } = useNodeActs(node, onClose);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				const forMs = hours ? Number(hours) * HOUR_MS : null;
				if (!leave.isPending) leave.mutate({ act, reason: reason.trim(), forMs });
			}}
		>
			<Stack gap="md">
				<Text size="sm">{act === 'drain' ? words.drainText : words.cordonText}</Text>
				<StillRuns node={node} />
				<Textarea
					label={words.reason}
					description={words.reasonHint}
					value={reason}
					maxLength={500}
					autosize
					minRows={1}
					maxRows={4}
					data-autofocus
					onChange={(event) => setReason(event.currentTarget.value)}
				/>
				<Select
					label={words.until}
					value={hours}
					onChange={setHours}
					allowDeselect={false}
					data={[
						{ value: '', label: words.untilNever },
						...HOURS.map((count) => ({ value: String(count), label: words.hours(count) })),
					]}
				/>
				<Group justify="space-between" gap="sm">
					<CopyButton text={commandOf(act, node.name, reason.trim())} what={words.copyCommand} />
					<Group gap="sm">
						<Button variant="default" onClick={onClose}>
							{words.keep}
						</Button>
						<Button type="submit" loading={leave.isPending}>
							{words[act]}
						</Button>
					</Group>
				</Group>
			</Stack>
		</form>
	);
};

/** What a node runs now, each a link to its task; live while it is open. */
const StillRuns = ({ node }: { node: NodeView }) => {
	const { data: items } = useRunningAttempts(node.id);
	if (items === undefined) return null;
	const more = Math.max(0, items.length - MOST_SHOWN);
	return (
		<div className={classes.stillRuns}>
			<p>{words.stillRuns(items.length)}</p>
			<ul>
				{items.slice(0, MOST_SHOWN).map(({ task, type, since }) => (
					<li key={task}>
						<Link to={`/tasks/${task}`}>{type}</Link> <Duration from={since} until={null} />
					</li>
				))}
				{more > 0 && <li>{words.moreRun(more)}</li>}
			</ul>
		</div>
	);
};
