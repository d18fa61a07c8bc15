import { useId } from 'react';
import { Link } from 'react-router';
import { type Manifest, TASK_CATEGORIES } from '../../../shared/protocol/task-type.ts';
import { fitOf } from './fit.ts';
import classes from './process.module.css';
import type { Work } from './work.ts';

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
	work: Work;
	chosen: string;
	onChoose(name: string): void;
}

const needsOf = ({ needs }: Manifest): string => {
	const devices = Object.entries(needs.hardware).map(([name, count]) => (count === 1 ? name : `${count} ${name}`));
	return devices.length === 0 ? '' : `Needs ${devices.join(', ')}.`;
};

const OTHERS_WORDS: Record<Work['kind'], string> = {
	files: 'Not for these files',
	dataset: 'Not for these files',
	folder: 'Not for the files of a folder',
	nothing: 'Only for files',
};

/** What can be done with the files, by category; what cannot be is at the end and says why. */
export const TypeChoice = ({ types, work, chosen, onChoose }: TypeChoiceProps) => {
	const name = useId();
	// What reads a source belongs to that source, which keeps how far it has read.
	const all = types.filter(({ source }) => !source).map((type) => ({ type, reason: fitOf(type, work).reason }));
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
					<legend>{OTHERS_WORDS[work.kind]}</legend>
					<div className={classes.cards}>{others.map(card)}</div>
				</fieldset>
			)}
			<p>
				To gather a feed, posts on a topic or an address again and again, <Link to="/sources/new">make a source</Link>.
			</p>
		</div>
	);
};
