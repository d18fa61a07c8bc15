import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { ownStatementUrl } from '../../../shared/client/statements.ts';
import { ownUsageCsvUrl } from '../../../shared/client/usage.ts';
import { Icon } from '../../kit/icons.tsx';
import { currentMonth, monthAfter, monthInWords, periodOfMonth } from '../../kit/month.ts';
import classes from './usage.module.css';

/** From month to month; each is an address. */
export const MonthBar = ({ month }: { month: string }) => {
	const isCurrent = month === currentMonth();
	const [before, after] = [monthAfter(month, -1), monthAfter(month, 1)];
	return (
		<nav className={classes.months} aria-label="Months">
			<Button
				component={Link}
				to={`/usage?month=${before}`}
				variant="default"
				aria-label={`${monthInWords(before)}, the month before`}
			>
				<Icon name="chevronRight" className={classes.back!} />
			</Button>
			<strong aria-current="page">{monthInWords(month)}</strong>
			{isCurrent ? (
				<Button variant="default" disabled aria-label="There is no later month yet">
					<Icon name="chevronRight" />
				</Button>
			) : (
				<Button
					component={Link}
					to={after === currentMonth() ? '/usage' : `/usage?month=${after}`}
					variant="default"
					aria-label={`${monthInWords(after)}, the month after`}
				>
					<Icon name="chevronRight" />
				</Button>
			)}
		</nav>
	);
};

/** The month to take along. */
export const Downloads = ({ month }: { month: string }) => {
	const files = [
		{ words: 'Statement (PDF)', href: ownStatementUrl(month, 'pdf') },
		{ words: 'Statement (CSV)', href: ownStatementUrl(month, 'csv') },
		{ words: 'Statement (JSON)', href: ownStatementUrl(month, 'json'), name: `statement-${month}.json` },
		{ words: 'Day by day (CSV)', href: ownUsageCsvUrl(periodOfMonth(month)), name: `usage-${month}.csv` },
	];
	return (
		<ul className={classes.downloads} aria-label="Download">
			{files.map(({ words, href, name = '' }) => (
				<li key={words}>
					<Button
						component="a"
						href={href}
						download={name}
						variant="default"
						size="sm"
						leftSection={<Icon name="download" size={16} />}
					>
						{words}
					</Button>
				</li>
			))}
		</ul>
	);
};
