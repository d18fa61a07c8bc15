import { Alert, Button, Group, Stack } from '@mantine/core';
import { CopyButton } from '../copy-button.tsx';
import { Icon } from '../icons.tsx';
import { useMe } from '../session/session.tsx';
import { saveText } from '../table/table-csv.ts';
import classes from './account.module.css';
import { words } from './account-words.ts';

/** Recovery codes, in this answer and nowhere else: to be copied, saved or printed before one goes on. */
export const RecoveryCodes = ({ codes, onDone }: { codes: readonly string[]; onDone(): void }) => {
	const me = useMe();
	const text = words.file(me.username, codes);
	return (
		<Stack gap="md">
			<Alert color="orange" icon={<Icon name="key" />} title={words.recoveryTitle}>
				{words.recoveryLead}
			</Alert>
			<ul className={classes.codes}>
				{codes.map((code) => (
					<li key={code}>
						<code>{code}</code>
					</li>
				))}
			</ul>
			<Group gap="sm">
				<CopyButton text={text} what={words.recoveryCodes} />
				<Button
					variant="default"
					leftSection={<Icon name="download" size={16} />}
					onClick={() => saveText(text, 'millrace-recovery-codes.txt', 'text/plain')}
				>
					{words.download}
				</Button>
				<Button variant="default" onClick={() => window.print()}>
					{words.print}
				</Button>
				<Button onClick={onDone}>{words.kept}</Button>
			</Group>
		</Stack>
	);
};
