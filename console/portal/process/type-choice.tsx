import { useId } from 'react';
import { type Manifest, TASK_CATEGORIES } from '../../../shared/protocol/task-type.ts';
import { fitOf } from './fit.ts';
import classes from './process.module.css';
import type { SelectedFile } from './selected-files.ts';

const CATEGORY_WORDS: Record<Manifest['category'], string> = {
	facts: 'Facts',
	images: 'Images',
	text: 'Text',
	archives: 'Archives',
	sources: 'Sources',
	tools: 'Tools',
};

interface TypeChoiceProps {
	types: readonly Manifest[];
	files: readonly SelectedFile[];
	chosen: string;
	onChoose(name: string): void;
}

const needsOf = ({ needs }: Manifest): string => {
	const devices = Object.entries(needs.hardware).map(([name, count]) => (count === 1 ? name : `${count} ${name}`));
	return devices.length === 0 ? '' : `Needs ${devices.join(', ')}.`;
};

/** What can be done with the files, by category; what cannot be is at the end and says why. */
export const TypeChoice = ({ types, files, chosen, onChoose }: TypeChoiceProps) => {
	const name = useId();
	const all = types.map((type) => ({ type, reason: fitOf(type, files).reason }));
	const fitting = all.filter(({ reason }) => reason === null);
	const others = all.filter(({ reason }) => reason !== null);
	const card = ({ type, reason }: (typeof all)[number]) => (
		<label key={type.name} className={classes.card}>
			<input
				type="radio"
				name={name}
				value={type.name}
				checked={chosen === type.name}
				disabled={reason !== null}
				onChange={() => onChoose(type.name)}
				aria-describedby={`${name}-${type.name}`}
			/>
			<span>
				<strong>{type.title}</strong>
				<span id={`${name}-${type.name}`}>{[type.description, needsOf(type), reason].filter(Boolean).join(' ')}</span>
			</span>
		</label>
	);
	return (
		<div className={classes.types}>
			{TASK_CATEGORIES.map((category) => {
				const some = fitting.filter(({ type }) => type.category === category);
				return (
					some.length > 0 && (
						<fieldset key={category} className={classes.category}>
							<legend>{CATEGORY_WORDS[category]}</legend>
							<div className={classes.cards}>{some.map(card)}</div>
						</fieldset>
					)
				);
			})}
			{others.length > 0 && (
				<fieldset className={classes.category}>
					<legend>Not for these files</legend>
					<div className={classes.cards}>{others.map(card)}</div>
				</fieldset>
			)}
		</div>
	);
};
