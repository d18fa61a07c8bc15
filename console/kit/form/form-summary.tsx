import { type Ref, useId } from 'react';
import type { ParameterFault } from '../../../shared/parameter-check.ts';
import type { ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import { plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { labelAt } from './field-words.ts';
import classes from './form.module.css';

interface FormSummaryProps {
	schema: ParameterSchema;
	faults: readonly ParameterFault[];
	/** Leads to the field. */
	onGo(path: string): void;
	ref: Ref<HTMLElement>;
}

/** All that keeps a form from being sent, each a link to its field. It takes the focus when sending was tried. */
export const FormSummary = ({ schema, faults, onGo, ref }: FormSummaryProps) => {
	const headingId = useId();
	if (faults.length === 0) return null;
	return (
		<section ref={ref} className={classes.summary} tabIndex={-1} aria-labelledby={headingId}>
			<h3 id={headingId}>
				<Icon name="alert" size={17} /> {plural(faults.length, 'setting does', 'settings do')} not fit
			</h3>
			<ul>
				{faults.map(({ path, message }) => (
					<li key={`${path} ${message}`}>
						<button type="button" onClick={() => onGo(path)}>
							{labelAt(schema, path)} {message}
						</button>
					</li>
				))}
			</ul>
		</section>
	);
};
