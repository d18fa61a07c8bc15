import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { formatCount } from '../../kit/format.ts';
import { DryRunWords, useDryRun } from '../recipes/dry-run-view.tsx';
import recipeClasses from '../recipes/recipes.module.css';
import classes from './process.module.css';
import { useLately } from './use-lately.ts';
import { tookWords } from './wait-words.ts';
import { countedOf, MOST_COUNTED, type Wish } from './wish.ts';

interface EstimateProps {
	type: Manifest;
	wish: Wish;
	/** Whether the settings are such that it could start. */
	fits: boolean;
	title: string;
}

/** What it comes to, as the server counts it beforehand, and how long such tasks took lately. */
export const Estimate = ({ type, wish, fits, title }: EstimateProps) => {
	const counted = fits ? countedOf(wish) : null;
	const dry = useDryRun(counted);
	const lately = useLately(type.name);
	const took = lately.data && tookWords(lately.data.items);
	const isPart = wish.files.length > MOST_COUNTED && wish.work.kind === 'files';
	return (
		<>
			{counted === null ? (
				<div className={recipeClasses.dry} role="status">
					<p className={classes.note}>
						{fits
							? 'One task over files of a dataset is not counted beforehand.'
							: 'It is counted as soon as the settings fit.'}
					</p>
				</div>
			) : (
				<DryRunWords
					title={isPart ? `${title}, for the first ${formatCount(MOST_COUNTED)} files` : title}
					query={dry}
				/>
			)}
			{took && <p className={classes.took}>{took}</p>}
			{lately.data && took === null && counted === null && (
				<p className={classes.took}>How long one takes is not known yet: you have run none of these lately.</p>
			)}
		</>
	);
};
