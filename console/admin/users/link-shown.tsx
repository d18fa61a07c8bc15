import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { isLoopbackName } from '../../../shared/loopback-name.ts';
import type { MadePasswordLink } from '../../../shared/protocol/account.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatExact } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { bridge } from '../../kit/remote/bridge.ts';
import page from '../../kit/shell/page.module.css';
import classes from '../accounting/accounting.module.css';
import { words } from './words.ts';

/** A link for choosing a password: it is in this answer and nowhere else. */
export const LinkShown = ({ made, onDone }: { made: MadePasswordLink; onDone(): void }) => {
	const url = bridge.place.address + made.path;
	return (
		<Stack>
			<Alert color="orange" icon={<Icon name="key" />} title={words.copyOnce}>
				{words.onlyOnce}
			</Alert>
			<div className={classes.secret}>
				<code>{url}</code>
				<CopyButton text={url} what={words.theLink} />
			</div>
			{isLoopbackName(new URL(url).hostname) && <p className={page.fault}>{words.hereOnly}</p>}
			<Text size="sm" c="dimmed">
				{words.linkGood(made.username, formatExact(new Date(made.expiresAt)))}
			</Text>
			<Group justify="flex-end">
				<Button onClick={onDone}>{words.copied}</Button>
			</Group>
		</Stack>
	);
};
