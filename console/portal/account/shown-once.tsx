import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import classes from '../../kit/account/account.module.css';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';

interface ShownOnceProps {
	secret: string;
	what: string;
	/** What it is good for. */
	power?: string;
	onDone(): void;
}

/** A secret that is in this answer and nowhere else. */
export const ShownOnce = ({ secret, what, power = 'Whoever has it can act in your name.', onDone }: ShownOnceProps) => (
	<Stack>
		<Alert color="orange" icon={<Icon name="key" />} title="Copy it now">
			This is the only time that it is shown. If it is lost, make another one and delete this.
		</Alert>
		<div className={classes.secret}>
			<code>{secret}</code>
			<CopyButton text={secret} what={what} />
		</div>
		<Text size="sm" c="dimmed">
			{power}
		</Text>
		<Group justify="flex-end">
			<Button onClick={onDone}>I have copied it</Button>
		</Group>
	</Stack>
);
