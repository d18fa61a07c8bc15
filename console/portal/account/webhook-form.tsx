import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createWebhook } from '../../../shared/client/webhooks.ts';
import { NOTICE_KINDS } from '../../../shared/protocol/notice.ts';
import classes from '../../kit/account/account.module.css';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { NOTICE_WORDS } from '../notices/notice-words.ts';
import { keys } from '../remote/keys.ts';
import { ShownOnce } from './shown-once.tsx';

/** Asks for address and events, then shows the key that deliveries are signed with, once. */
export const WebhookForm = ({ onClose }: { onClose(): void }) => {
	const [name, setName] = useState('');
	const [url, setUrl] = useState('https://');
	const [events, setEvents] = useState<string[]>([...NOTICE_KINDS]);
	const make = useMutation({
		mutationFn: () =>
			createWebhook(http, {
				name: name.trim(),
				url: url.trim(),
				events: NOTICE_KINDS.filter((kind) => events.includes(kind)),
			}),
		onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.webhooks }),
	});
	if (make.data) {
		const power = 'Deliveries are signed with it: by it the receiver knows that they come from here.';
		return <ShownOnce secret={make.data.key} what="the key" power={power} onDone={onClose} />;
	}
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				make.mutate();
			}}
		>
			<Stack>
				<TextInput
					label="Name"
					required
					withAsterisk={false}
					maxLength={100}
					autoComplete="off"
					data-autofocus
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<TextInput
					label="Address"
					description="What happens is sent there by POST, as JSON."
					type="url"
					required
					withAsterisk={false}
					maxLength={2048}
					autoComplete="off"
					spellCheck={false}
					value={url}
					onChange={(event) => setUrl(event.currentTarget.value)}
				/>
				<Checkbox.Group label="When" value={events} onChange={setEvents}>
					<div className={classes.scopes}>
						{NOTICE_KINDS.map((kind) => (
							<Checkbox key={kind} value={kind} label={NOTICE_WORDS[kind]} />
						))}
					</div>
				</Checkbox.Group>
				{make.isError && (
					<p className={classes.error} role="alert">
						{errorText(make.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={make.isPending} disabled={name.trim() === '' || events.length === 0}>
						Make webhook
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
