import { Button } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import { currentMonth, monthAfter, monthInWords } from '../../kit/month.ts';
import classes from './accounting.module.css';
import { words } from './words.ts';

/** From month to month. */
export const MonthChoice = ({ month, onChange }: { month: string; onChange(month: string): void }) => {
	const [before, after] = [monthAfter(month, -1), monthAfter(month, 1)];
	const isLast = month >= currentMonth();
	return (
		<nav className={classes.months} aria-label={words.months}>
			<Button
				variant="default"
				px={10}
				aria-label={words.before(monthInWords(before))}
				onClick={() => onChange(before)}
			>
				<Icon name="chevronRight" className={classes.back!} />
			</Button>
			<strong aria-live="polite">{monthInWords(month)}</strong>
			<Button
				variant="default"
				px={10}
				disabled={isLast}
				aria-label={isLast ? words.noLater : words.after(monthInWords(after))}
				onClick={() => onChange(after)}
			>
				<Icon name="chevronRight" />
			</Button>
		</nav>
	);
};
