import { Kbd, Modal, TextInput } from '@mantine/core';
import { type KeyboardEvent, useId, useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { useCommandList } from './commands.tsx';
import { matching } from './match.ts';
import classes from './palette.module.css';
import { words } from './words.ts';

const MOST_SHOWN = 50;

/** Everything by its name: screens, and the acts of the screen that is open. */
export const Palette = ({ opened, onClose }: { opened: boolean; onClose(): void }) => {
	const commands = useCommandList();
	const [typed, setTyped] = useState('');
	const [at, setAt] = useState(0);
	const listId = useId();
	const shown = matching(commands, typed).slice(0, MOST_SHOWN);
	const current = Math.min(at, Math.max(0, shown.length - 1));
	const close = () => {
		setTyped('');
		setAt(0);
		onClose();
	};
	const run = (index: number) => {
		const command = shown[index];
		if (command === undefined) return;
		close();
		command.run();
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const moves: Record<string, number> = {
			ArrowDown: current + 1,
			ArrowUp: current - 1,
			PageDown: current + 8,
			PageUp: current - 8,
		};
		const next = moves[event.key];
		if (next !== undefined) {
			event.preventDefault();
			setAt(Math.min(shown.length - 1, Math.max(0, next)));
			document
				.getElementById(`${listId}-${Math.min(shown.length - 1, Math.max(0, next))}`)
				?.scrollIntoView({ block: 'nearest' });
		}
		if (event.key === 'Enter') {
			event.preventDefault();
			run(current);
		}
	};
	return (
		<Modal
			opened={opened}
			onClose={close}
			withCloseButton={false}
			size="lg"
			padding={0}
			yOffset="12vh"
			centered={false}
			aria-label={words.commandPalette}
		>
			<TextInput
				data-autofocus
				role="combobox"
				aria-label={words.command}
				aria-expanded
				aria-controls={listId}
				{...(shown.length > 0 ? { 'aria-activedescendant': `${listId}-${current}` } : {})}
				placeholder={words.hint}
				size="md"
				variant="unstyled"
				className={classes.input!}
				leftSection={<Icon name="search" />}
				value={typed}
				onChange={(event) => {
					setTyped(event.currentTarget.value);
					setAt(0);
				}}
				onKeyDown={onKeyDown}
			/>
			<div id={listId} role="listbox" aria-label={words.commands} className={classes.list} tabIndex={-1}>
				{shown.map((command, index) => (
					// biome-ignore lint/a11y/useKeyWithClickEvents: the box above handles the keys of the whole list
					<div
						key={command.id}
						id={`${listId}-${index}`}
						role="option"
						tabIndex={-1}
						aria-selected={index === current}
						className={classes.option}
						onClick={() => run(index)}
						onMouseMove={() => setAt(index)}
					>
						<Icon name={command.icon} size={16} />
						<span className={classes.group}>{command.group}</span>
						<span className={classes.word}>{command.word}</span>
						{command.keys?.map((key) => (
							<Kbd key={key} size="xs">
								{key}
							</Kbd>
						))}
					</div>
				))}
			</div>
			{shown.length === 0 && (
				<p role="status" className={classes.none}>
					{words.nothingCalled(typed)}
				</p>
			)}
		</Modal>
	);
};
