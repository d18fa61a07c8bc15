import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { readUsageCut, type UsageFilter } from '../../../shared/client/usage.ts';
import type { PersonView } from '../../../shared/protocol/account.ts';
import { formatDuration } from '../../kit/format.ts';
import { costWords } from '../../kit/money.ts';
import { currentMonth, periodOfMonth } from '../../kit/month.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import page from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import classes from '../accounting/accounting.module.css';
import { Bar } from '../accounting/bar.tsx';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

const SHOWN = 8;
const EVERY_MS = 60_000;

/** What somebody has used this month, by kind of work; the same query as the page of usage shows. */
export const MonthCard = ({ person: { id } }: { person: PersonView }) => {
	const period = periodOfMonth(currentMonth());
	const filter: UsageFilter = { ...period, by: 'type', owner: id };
	const { data, error } = useQuery({
		queryKey: keys.usageCut(filter),
		queryFn: ({ signal }) => readUsageCut(http, filter, { signal }),
		refetchInterval: EVERY_MS,
	});
	const address = (more: Record<string, string>) =>
		`/usage?${new URLSearchParams({ ...period, by: 'type', owner: id, ...more })}`;
	const most = Math.max(1, ...(data?.items.map(({ amountMicro }) => amountMicro) ?? []));
	return (
		<section className={page.card}>
			<div className={page.cardHead}>
				<h2>
					{words.usage}
					{data && `: ${costWords(data.total.amountMicro, data.currency)}`}
				</h2>
				<Link className={page.link} to={address({})}>
					{words.usageMore}
				</Link>
			</div>
			{data === undefined ? (
				error ? (
					<p className={page.fault} role="alert">
						{errorText(error)}
					</p>
				) : (
					<LoadingState what={words.usage} rows={3} />
				)
			) : data.items.length === 0 ? (
				<p className={page.quiet}>{words.nothingUsed}</p>
			) : (
				<ul className={classes.rows}>
					{data.items.slice(0, SHOWN).map((item) => (
						<li key={item.key}>
							<span>
								{item.name ?? item.key ?? words.other}
								<small>{words.cpuAndTime(formatDuration(item.cpuMs), formatDuration(item.wallMs))}</small>
							</span>
							<span className={classes.numbers}>
								{costWords(item.amountMicro, data.currency)}
								<Bar share={item.amountMicro / most} />
							</span>
						</li>
					))}
				</ul>
			)}
		</section>
	);
};
