import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface ConfirmProps {
	opened: boolean;
	title: string;
	children: ReactNode;
	/** What the button says: the act itself, never "OK". */
	act: string;
	/** Must be typed first; only for what cannot be undone. */
	typed?: string;
	busy?: boolean;
	error?: string | null;
	onConfirm(): void;
	onClose(): void;
}

/** Asks before something that cannot be undone. */
export const ConfirmDialog = (props: ConfirmProps) => (
	<Modal opened={props.opened} onClose={props.onClose} title={props.title}>
		{props.opened && <ConfirmForm {...props} />}
	</Modal>
);

const ConfirmForm = ({ children, act, typed, busy = false, error, onConfirm, onClose }: ConfirmProps) => {
	const [text, setText] = useState('');
	const ready = typed === undefined || text.trim() === typed;
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (ready && !busy) onConfirm();
			}}
		>
			<Stack gap="md">
				<div>{children}</div>
				{typed !== undefined && (
					<TextInput
						label={`Type ${typed} to confirm`}
						value={text}
						onChange={(event) => setText(event.currentTarget.value)}
						autoComplete="off"
						data-autofocus
					/>
				)}
				{error && (
					<Text c="var(--mantine-color-error)" size="sm" role="alert">
						{error}
					</Text>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Keep
					</Button>
					<Button type="submit" color="red" disabled={!ready} loading={busy}>
						{act}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
