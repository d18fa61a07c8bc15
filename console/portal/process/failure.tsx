import { plural } from '../../kit/format.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { inputsOf } from './fit.ts';
import classes from './process.module.css';
import { serverFaults } from './server-faults.ts';
import type { Wish } from './wish.ts';

/** Why nothing, or not all, was started: settings are told at their fields, files by name, the rest in words. */
export const Failure = ({ error, wish, submitted }: { error: Error; wish: Wish; submitted: number }) => {
	const { fields, inputs, rest } = serverFaults(error);
	const all = inputsOf(wish.files, wish.spread);
	const files = inputs.map(
		({ task, input, message }) => `${all[submitted + task]?.[input]?.name ?? 'A file'} ${message}`,
	);
	const told = [...files, ...rest];
	return (
		<div className={classes.failure} role="alert">
			{submitted > 0 && <p>{plural(submitted, 'task')} of them are submitted, the others are not.</p>}
			{told.length > 0 ? (
				<ul>
					{told.slice(0, 10).map((one) => (
						<li key={one}>{one}</li>
					))}
				</ul>
			) : (
				<p>{fields.length > 0 ? 'Some settings were not taken; see above.' : errorText(error)}</p>
			)}
		</div>
	);
};
