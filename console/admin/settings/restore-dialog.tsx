import { Button, Modal } from '@mantine/core';
import { CommandLine } from './command-line.tsx';
import classes from './settings.module.css';
import { backupWords } from './words.ts';

interface RestoreProps {
	folder: string;
	/** Null: it is closed. */
	name: string | null;
	onClose(): void;
}

/** How a backup is restored: by whoever has the machine, for the coordinator must not run meanwhile. */
export const RestoreDialog = ({ folder, name, onClose }: RestoreProps) => (
	<Modal opened={name !== null} onClose={onClose} title={backupWords.restoreOf(name ?? '')} size="lg">
		<p className={classes.lead}>{backupWords.restoreText}</p>
		<CommandLine text={`coordinator restore --from ${folder} --backup ${name} --data /var/lib/millrace-restored`} />
		<CommandLine text="coordinator start --data /var/lib/millrace-restored" />
		<ol className={classes.steps}>
			{backupWords.restoreSteps.split('\n').map((step) => (
				<li key={step}>{step}</li>
			))}
		</ol>
		<Button onClick={onClose}>{backupWords.close}</Button>
	</Modal>
);
