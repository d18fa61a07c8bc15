import { type Ref, useId } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { type Fault, SECTIONS } from './faults.ts';
import classes from './process.module.css';

/** Gives the focus to what is wrong in a section, else to its first field. */
const goTo = (section: Fault['section']): void => {
	const place = document.getElementById(SECTIONS[section])?.closest('section');
	const field =
		place?.querySelector<HTMLElement>('[aria-invalid="true"]') ??
		place?.querySelector<HTMLElement>('input:not([type="radio"]), select, textarea, input');
	field?.focus();
};

/** What is still missing, each a link to its place. It takes the focus when starting was tried. */
export const FaultSummary = ({ faults, ref }: { faults: readonly Fault[]; ref: Ref<HTMLElement> }) => {
	const headingId = useId();
	if (faults.length === 0) return null;
	return (
		<section ref={ref} className={classes.missing} tabIndex={-1} aria-labelledby={headingId}>
			<h3 id={headingId}>
				<Icon name="alert" size={17} />{' '}
				{faults.length === 1 ? 'One thing is missing' : `${faults.length} things are missing`}
			</h3>
			<ul>
				{faults.map(({ section, message }) => (
					<li key={message}>
						<button type="button" onClick={() => goTo(section)}>
							{message}
						</button>
					</li>
				))}
			</ul>
		</section>
	);
};
