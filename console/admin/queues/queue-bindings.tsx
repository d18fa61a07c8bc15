import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { BindDialog } from './bind-dialog.tsx';
import classes from './queues.module.css';
import { words } from './words.ts';

/** Overlaps that are told. */
const MOST_TOLD = 20;

/** Which routing keys lead here, and where they compete with other queues. */
export const QueueBindings = ({ queue }: { queue: QueueView }) => {
	const [opened, dialog] = useDisclosure(false);
	const mayChange = useMe().role === 'administrator';
	return (
		<>
			<div className={page.cardHead}>
				<h2>{words.bindings}</h2>
				<Button
					variant="default"
					size="compact-sm"
					disabled={!mayChange}
					{...(mayChange ? {} : { title: words.onlyAdministrators })}
					onClick={dialog.open}
				>
					{words.edit}
				</Button>
			</div>
			<ul className={classes.bindings}>
				{queue.bindingKeys.map((key) => (
					<li key={key}>
						<code>{key}</code>
					</li>
				))}
			</ul>
			{queue.overlaps.slice(0, MOST_TOLD).map(({ bindingKey, otherBindingKey, queue: other, winner }) => (
				<p key={`${bindingKey} ${otherBindingKey} ${other}`} className={page.quiet}>
					{words.overlap(bindingKey, otherBindingKey, other, winner)}
				</p>
			))}
			<BindDialog queue={queue} opened={opened} onClose={dialog.close} />
		</>
	);
};
