import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { ConflictChoice, UploadItem } from './upload-item.ts';
import type { UploadRunner } from './upload-runner.ts';
import classes from './upload-tray.module.css';

const CHOICES: { choice: ConflictChoice; word: string }[] = [
	{ choice: 'replace', word: 'Replace as new version' },
	{ choice: 'keep-both', word: 'Keep both' },
	{ choice: 'skip', word: 'Skip' },
];

/** Asks what to do about a path that is taken: for this file, or for all that follow. */
export const ConflictQuestion = ({ item, runner }: { item: UploadItem; runner: UploadRunner }) => {
	const [forAll, setForAll] = useState(false);
	return (
		<fieldset className={classes.conflict}>
			<legend className="millrace-off-screen">There is another file named {item.name}</legend>
			<div className={classes.choices}>
				{CHOICES.map(({ choice, word }) => (
					<Button
						key={choice}
						size="compact-sm"
						variant={choice === 'skip' ? 'default' : 'light'}
						onClick={() => runner.dispatch({ kind: 'decide', id: item.id, choice, forAll })}
					>
						{word}
					</Button>
				))}
			</div>
			<Checkbox
				size="xs"
				label="The same for all conflicts"
				checked={forAll}
				onChange={(event) => setForAll(event.currentTarget.checked)}
			/>
		</fieldset>
	);
};
