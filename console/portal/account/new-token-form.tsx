import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createToken } from '../../../shared/client/tokens.ts';
import { TOKEN_SCOPES, type TokenScope } from '../../../shared/protocol/account.ts';
import classes from '../../kit/account/account.module.css';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useMe } from '../../kit/session/session.tsx';
import { keys } from '../remote/keys.ts';
import { ShownOnce } from './shown-once.tsx';

const DAY_MS = 86_400_000;
const LIVES = [
	{ value: '7', label: '7 days' },
	{ value: '30', label: '30 days' },
	{ value: '90', label: '90 days' },
	{ value: '365', label: 'a year' },
	{ value: '', label: 'never' },
];
const SCOPE_WORDS: Record<TokenScope, string> = {
	'files:read': 'Read files',
	'files:write': 'Upload, change and delete files',
	'tasks:read': 'See tasks',
	'tasks:write': 'Submit, cancel and retry tasks (for results as files, uploads too)',
	metrics: 'Read the metrics, for Prometheus',
	admin: 'Everything that your role allows',
};

/** Asks for name, scopes and life, then shows the secret once. */
export const NewTokenForm = ({ onClose }: { onClose(): void }) => {
	const me = useMe();
	const [name, setName] = useState('');
	const [scopes, setScopes] = useState<string[]>(['files:read', 'files:write', 'tasks:read', 'tasks:write']);
	const [life, setLife] = useState('90');
	const make = useMutation({
		mutationFn: () =>
			createToken(http, {
				name: name.trim(),
				scopes: TOKEN_SCOPES.filter((scope) => scopes.includes(scope)),
				...(life === '' ? {} : { expiresAt: new Date(Date.now() + Number(life) * DAY_MS).toISOString() }),
			}),
		onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.tokens }),
	});
	if (make.data) return <ShownOnce secret={make.data.token} what="the token" onDone={onClose} />;
	const offered = TOKEN_SCOPES.filter((scope) => (scope !== 'admin' && scope !== 'metrics') || me.role !== 'user');
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
					description="What it is for, so that you know later."
					required
					withAsterisk={false}
					maxLength={100}
					autoComplete="off"
					data-autofocus
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<Checkbox.Group label="It may" value={scopes} onChange={setScopes}>
					<div className={classes.scopes}>
						{offered.map((scope) => (
							<Checkbox key={scope} value={scope} label={SCOPE_WORDS[scope]} />
						))}
					</div>
				</Checkbox.Group>
				<NativeSelect
					label="Ends after"
					data={LIVES}
					value={life}
					onChange={(event) => setLife(event.currentTarget.value)}
				/>
				{make.isError && (
					<p className={classes.error} role="alert">
						{errorText(make.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={make.isPending} disabled={name.trim() === '' || scopes.length === 0}>
						Make token
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
