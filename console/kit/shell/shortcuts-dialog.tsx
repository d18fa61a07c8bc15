import { Kbd, Modal } from '@mantine/core';
import classes from './shortcuts-dialog.module.css';

export interface ShortcutGroup {
	title: string;
	/** The keys, and what they do. */
	keys: readonly (readonly [readonly string[], string])[];
}

interface ShortcutsDialogProps {
	groups: readonly ShortcutGroup[];
	opened: boolean;
	onClose(): void;
}

/** The keyboard map. */
export const ShortcutsDialog = ({ groups, opened, onClose }: ShortcutsDialogProps) => (
	<Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="lg">
		<div className={classes.shortcuts}>
			{groups.map(({ title, keys }) => (
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
