import { Kbd, Modal } from '@mantine/core';
import classes from './shell.module.css';

const SHORTCUTS: { title: string; keys: [string[], string][] }[] = [
	{
		title: 'Anywhere',
		keys: [
			[['?'], 'This list'],
			[['/'], 'To the filter'],
			[['g', 'f'], 'Go to files'],
			[['g', 't'], 'Go to tasks'],
			[['g', 'd'], 'Go to datasets'],
			[['g', 'r'], 'Go to recipes'],
			[['g', 's'], 'Go to schedules'],
			[['g', 'j'], 'Go to jobs'],
			[['g', 'o'], 'Go to results (outcome)'],
			[['g', 'u'], 'Go to usage'],
			[['g', 'n'], 'Go to notices'],
			[['g', 'b'], 'Go to the trash (bin)'],
			[['g', 'a'], 'Go to account'],
		],
	},
	{
		title: 'In a list',
		keys: [
			[['↑', '↓'], 'Move'],
			[['Home', 'End'], 'To the first, to the last'],
			[['Space'], 'Select'],
			[['Shift', '↑ ↓'], 'Select a range'],
			[['Ctrl', 'A'], 'Select all'],
			[['Enter'], 'Open'],
			[['F2'], 'Rename or move'],
			[['Delete'], 'Put into the trash'],
			[['Esc'], 'Clear the selection, close'],
		],
	},
];

/** The keyboard map. */
export const ShortcutsDialog = ({ opened, onClose }: { opened: boolean; onClose(): void }) => (
	<Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="lg">
		<div className={classes.shortcuts}>
			{SHORTCUTS.map(({ title, keys }) => (
				<section key={title}>
					<h3>{title}</h3>
					<dl>
						{keys.map(([names, what]) => (
							<div key={what}>
								<dt>
									{names.map((name) => (
										<Kbd key={name}>{name}</Kbd>
									))}
								</dt>
								<dd>{what}</dd>
							</div>
						))}
					</dl>
				</section>
			))}
		</div>
	</Modal>
);
