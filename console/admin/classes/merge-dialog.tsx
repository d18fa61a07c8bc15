import { Button, Group, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import type { ServiceClassSettings } from '../../../shared/protocol/service-class.ts';
import page from '../../kit/shell/page.module.css';
import { firstChoices, type MergeRow, merged, mergeRows, type Side, type Three } from './class-merge.ts';
import classes from './classes.module.css';
import { words } from './words.ts';

interface MergeProps {
	name: string;
	/** Null: nothing is to be merged. */
	three: (Three & { version: number }) | null;
	onMerge(settings: ServiceClassSettings): void;
	onClose(): void;
}

/** Somebody else has changed the class meanwhile: both changes beside each other, and a choice for each setting. */
export const MergeDialog = ({ name, three, onMerge, onClose }: MergeProps) => (
	<Modal opened={three !== null} onClose={onClose} title={words.mergeTitle(name)} size="xl">
		{three && <MergeForm key={three.version} {...{ three, onMerge, onClose }} />}
	</Modal>
);

const MergeForm = ({
	three,
	onMerge,
	onClose,
}: { three: Three & { version: number } } & Omit<MergeProps, 'name' | 'three'>) => {
	const rows = mergeRows(three);
	const [choices, setChoices] = useState<Record<string, Side>>(() => firstChoices(three));
	const isChosen = rows.every(({ field }) => choices[field.path] !== undefined);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (isChosen) onMerge(merged(three, choices));
			}}
		>
			<p className={classes.mergeLead}>{words.mergeLead(three.version)}</p>
			{rows.length === 0 && <p className={page.quiet}>{words.mergeNone}</p>}
			<ul className={classes.merge}>
				{rows.map((row) => (
					<MergeChoice
						key={row.field.path}
						row={row}
						side={choices[row.field.path]}
						onChoose={(side) => setChoices((before) => ({ ...before, [row.field.path]: side }))}
					/>
				))}
			</ul>
			<Group justify="flex-end" gap="sm">
				<Button variant="default" onClick={onClose}>
					{words.keepMine}
				</Button>
				<Button type="submit" disabled={!isChosen}>
					{words.merge}
				</Button>
			</Group>
		</form>
	);
};

interface ChoiceProps {
	row: MergeRow;
	side: Side | undefined;
	onChoose(side: Side): void;
}

const MergeChoice = ({ row: { field, base, mine, theirs, isConflict }, side, onChoose }: ChoiceProps) => (
	<li data-conflict={isConflict || undefined}>
		<Radio.Group
			label={field.label}
			aria-label={words.choiceOf(field.label)}
			description={`${words.before}: ${base}${isConflict ? `. ${words.mustChoose}` : ''}`}
			value={side ?? null}
			onChange={(value) => onChoose(value as Side)}
		>
			<div className={classes.sides}>
				<Radio value="mine" label={`${words.mine}: ${mine}`} />
				<Radio value="theirs" label={`${words.theirs}: ${theirs}`} />
			</div>
		</Radio.Group>
	</li>
);
