import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { KEY_WORDS } from './faults.ts';
import classes from './process.module.css';
import { isRoutingKey } from './wish.ts';

interface QueueChoiceProps {
	/** That of the type, which counts unless another is written. */
	usual: string;
	/** As it was written. */
	routingKey: string;
	onWrite(routingKey: string): void;
}

/** Which queue takes it: seldom another than the type's. */
export const QueueChoice = ({ usual, routingKey, onWrite }: QueueChoiceProps) => {
	const [isOpen, setOpen] = useState(routingKey !== '');
	const isWrong = !isRoutingKey(routingKey);
	return (
		<details
			className={classes.equivalents}
			open={isOpen || isWrong}
			onToggle={(event) => setOpen(event.currentTarget.open)}
		>
			<summary>Advanced</summary>
			<div className={classes.inner}>
				<TextInput
					label="Routing key"
					description={`Which queue takes it, such as priority.${usual.slice(usual.indexOf('.') + 1)}. Left empty: ${usual}`}
					maxLength={255}
					autoComplete="off"
					spellCheck={false}
					value={routingKey}
					error={isWrong ? KEY_WORDS : null}
					onChange={(event) => onWrite(event.currentTarget.value)}
				/>
			</div>
		</details>
	);
};
