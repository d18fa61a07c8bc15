import { Alert, Button, Group, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Desktop, ProfileColor, ProfileDraft } from '../../bridge.ts';
import { Icon } from '../../kit/icons.tsx';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import classes from './connect.module.css';
import { words } from './words.ts';

const COLORS: readonly { value: ProfileColor | 'none'; label: string }[] = [
	{ value: 'none', label: words.noColor },
	{ value: 'indigo', label: words.indigo },
	{ value: 'teal', label: words.teal },
	{ value: 'grape', label: words.grape },
	{ value: 'orange', label: words.orange },
];

interface ProfileFormProps {
	desktop: Desktop;
	draft: ProfileDraft;
	onSaved(id: string): void;
	/** Null where there is nothing to go back to. */
	onCancel: (() => void) | null;
}

/** Name, address and looks of a coordinator; the program says what is wrong with them. */
export const ProfileForm = ({ desktop, draft, onSaved, onCancel }: ProfileFormProps) => {
	const [typed, setTyped] = useState(draft);
	const set = (changed: Partial<ProfileDraft>) => setTyped((before) => ({ ...before, ...changed }));
	const save = useMutation({
		mutationFn: () => desktop.saveProfile(typed),
		onSuccess: onSaved,
		onSettled: () => queryClient.invalidateQueries({ queryKey: keys.desktop }),
	});
	return (
		<form
			className={classes.card}
			aria-label={draft.id === null ? words.add : words.change(draft.name)}
			onSubmit={(event) => {
				event.preventDefault();
				save.mutate();
			}}
		>
			<Stack gap="md">
				{save.isError && (
					<Alert color="red" icon={<Icon name="alert" />} role="alert">
						{errorText(save.error)}
					</Alert>
				)}
				<TextInput
					label={words.name}
					description={words.nameHelp}
					maxLength={60}
					value={typed.name}
					onChange={(event) => set({ name: event.currentTarget.value })}
				/>
				<TextInput
					label={words.address}
					description={words.addressHelp}
					inputMode="url"
					autoCapitalize="none"
					spellCheck={false}
					value={typed.url}
					onChange={(event) => set({ url: event.currentTarget.value })}
				/>
				<div>
					<Text size="sm" fw={500} mb={4} id="frame-color">
						{words.color}
					</Text>
					<SegmentedControl
						aria-labelledby="frame-color"
						data={[...COLORS]}
						value={typed.color ?? 'none'}
						onChange={(value) => set({ color: value === 'none' ? null : (value as ProfileColor) })}
					/>
				</div>
				<Switch
					label={words.isProduction}
					description={words.isProductionHelp}
					checked={typed.isProduction}
					onChange={(event) => set({ isProduction: event.currentTarget.checked })}
				/>
				<Group gap="sm">
					<Button type="submit" loading={save.isPending}>
						{words.save}
					</Button>
					{onCancel && (
						<Button variant="default" onClick={onCancel}>
							{words.cancel}
						</Button>
					)}
				</Group>
			</Stack>
		</form>
	);
};
