import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { ChangeList } from './change-list.tsx';
import { fieldAt } from './class-fields.ts';
import { fieldId } from './class-form.tsx';
import classes from './classes.module.css';
import type { ClassEditor } from './use-class-editor.ts';
import { words } from './words.ts';

interface SaveCardProps {
	editor: ClassEditor;
	isNew?: boolean;
	isBusy: boolean;
	onSave(reason: string): void;
	/** Leads to the form, where the settings are on another tab. */
	onGo(): void;
	onTry?: (() => void) | undefined;
}

/** What is changed and not saved yet, and what can be done with it. */
export const SaveCard = ({ editor, isNew = false, isBusy, onSave, onGo, onTry }: SaveCardProps) => {
	const [reason, setReason] = useState('');
	const { changes, faults, settings, isDirty } = editor;
	const maySave = useMe().role === 'administrator';
	const told = Object.entries(faults);
	return (
		<section className={page.card} aria-label={words.changes}>
			<h2>{changes.length === 0 ? words.changes : words.changed(changes.length)}</h2>
			{told.length > 0 && (
				<div className={classes.faults} role="alert">
					<p>
						<Icon name="alert" size={16} /> {words.faults(told.length)}
					</p>
					<ul>
						{told.map(([path, message]) => (
							<li key={path}>
								<button
									type="button"
									onClick={() => {
										onGo();
										// The form may be on a tab that is only shown now.
										requestAnimationFrame(() => document.getElementById(fieldId(path))?.focus());
									}}
								>
									{fieldAt(path)?.label ?? ''} {message}
								</button>
							</li>
						))}
					</ul>
				</div>
			)}
			{changes.length > 0 && <ChangeList changes={changes} label={words.changes} />}
			{!isDirty && !isNew && <p className={page.quiet}>{words.unchanged}</p>}
			<form
				className={classes.saveForm}
				onSubmit={(event) => {
					event.preventDefault();
					onSave(reason.trim());
					setReason('');
				}}
			>
				{onTry && (
					<Button
						variant="light"
						leftSection={<Icon name="chart" size={16} />}
						disabled={settings === null}
						onClick={onTry}
					>
						{words.tryIt}
					</Button>
				)}
				{maySave && (
					<TextInput
						label={words.reason}
						value={reason}
						maxLength={500}
						onChange={(event) => setReason(event.currentTarget.value)}
						autoComplete="off"
					/>
				)}
				<div className={classes.saveActs}>
					{!isNew && (
						<Button variant="default" disabled={!isDirty} onClick={() => editor.rebase(editor.base)}>
							{words.discard}
						</Button>
					)}
					<Button type="submit" loading={isBusy} disabled={!maySave || settings === null || (!isNew && !isDirty)}>
						{isNew ? words.saveNew : words.save}
					</Button>
				</div>
				{!maySave && <p className={page.quiet}>{words.operator}</p>}
			</form>
		</section>
	);
};
