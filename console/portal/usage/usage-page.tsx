import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { Statement } from '../../../shared/protocol/statement.ts';
import type { UsageAnswer } from '../../../shared/protocol/usage.ts';
import { formatBytes, formatCount, formatDuration } from '../../kit/format.ts';
import { costWords, storedWords } from '../../kit/money.ts';
import { currentMonth, daysOf, monthInWords, monthOfUrl } from '../../kit/month.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { FilesCard, TasksCard } from './dearest-cards.tsx';
import { budgetLimits, heldWords, type Limit, ownBudget } from './limits.ts';
import { LimitsCard } from './limits-card.tsx';
import { Downloads, MonthBar } from './month-bar.tsx';
import classes from './usage.module.css';
import { UsageChart } from './usage-chart.tsx';
import { type Measure, measured } from './usage-words.ts';
import { useBudgets, useStatement, useStorage, useTransferLimit, useUsage } from './use-usage.ts';
import { WorkCard } from './work-card.tsx';

/** What one has used in a month, by day, kind of work, task and file, what it costs and what is left. */
export const UsagePage = () => {
	useTitle('Usage');
	const [params] = useSearchParams();
	const month = monthOfUrl(params.get('month') ?? '');
	return (
		<>
			<div className={pageClasses.titleBar}>
				<h1 className={pageClasses.pageTitle}>Usage</h1>
				<MonthBar month={month} />
			</div>
			<Month key={month} month={month} />
		</>
	);
};

const Month = ({ month }: { month: string }) => {
	const usage = useUsage(month);
	const statement = useStatement(month);
	const transferLimit = useTransferLimit();
	const isCurrent = month === currentMonth();
	// What one might spend in an earlier month is not known any more.
	const budgets = useBudgets().data;
	const budget = budgets !== undefined && isCurrent ? ownBudget(budgets) : null;
	const error = usage.error ?? statement.error;
	const isThere = usage.data !== undefined && statement.data !== undefined;
	if (!isThere) {
		return (
			<div className={pageClasses.list}>
				{error ? (
					<ErrorState
						error={error}
						what="Your usage cannot be shown"
						onRetry={() => {
							void usage.refetch();
							void statement.refetch();
						}}
					/>
				) : (
					<LoadingState what="your usage" />
				)}
			</div>
		);
	}
	const { currency, state } = statement.data;
	const { items } = usage.data;
	const transferred = items.reduce((sum, item) => sum + measured('transfer', item), 0);
	const limits: Partial<Record<Measure, number>> = {
		...(transferLimit === null ? {} : { transfer: transferLimit }),
		...(budget === null ? {} : { cost: budget }),
	};
	const left = <LimitsColumn isCurrent={isCurrent} transferred={transferred} transferLimit={transferLimit} />;
	return (
		<>
			<p className={pageClasses.lead}>
				{state === 'closed' ? (
					`${monthInWords(month)} is closed: nothing of it changes any more.`
				) : (
					<>
						So far, as of <RelativeTime at={statement.data.asOf} />.
					</>
				)}{' '}
				Days are those of UTC. What the platform lost costs you nothing and is not in it.
			</p>
			{items.length === 0 ? (
				<Nothing month={month} isOver={state === 'closed'}>
					{left}
				</Nothing>
			) : (
				<>
					<Downloads month={month} />
					<Figures usage={usage.data} statement={statement.data} transferred={transferred} />
					<div className={pageClasses.columns}>
						<div className={pageClasses.main}>
							<UsageChart items={items} days={daysOf(month)} currency={currency} limits={limits} />
							<WorkCard items={items} currency={currency} />
							<TasksCard month={month} currency={currency} />
							<FilesCard month={month} currency={currency} />
						</div>
						<div className={`${pageClasses.side} ${classes.side}`}>
							{left}
							<Corrections statement={statement.data} />
						</div>
					</div>
				</>
			)}
		</>
	);
};

const Nothing = (props: { month: string; isOver: boolean; children: ReactNode }) => (
	<div className={pageClasses.columns}>
		<div className={pageClasses.list}>
			<EmptyState icon="chart" title={`Nothing was used in ${monthInWords(props.month)}`}>
				{props.isOver
					? 'No task of yours ended in that month, and nothing was stored or moved.'
					: 'As soon as you upload something or a task of yours has run, it is counted here.'}
			</EmptyState>
		</div>
		<div className={pageClasses.side}>{props.children}</div>
	</div>
);

const Figures = (props: { usage: UsageAnswer; statement: Statement; transferred: number }) => {
	const { usage, statement, transferred } = props;
	const { total } = usage;
	const figures = [
		['Cost', costWords(total.amountMicro, statement.currency)],
		['Tasks', formatCount(total.tasks)],
		['CPU', formatDuration(total.cpuMs)],
		['Moved by you', formatBytes(transferred)],
		['Stored', storedWords(total.storedMibS)],
		['Requests', formatCount(total.requests)],
		...(total.deviceMs > 0 ? [['Devices', formatDuration(total.deviceMs)]] : []),
		...(total.gpuMs > 0 ? [['GPU', formatDuration(total.gpuMs)]] : []),
	];
	return (
		<dl className={classes.figures}>
			{figures.map(([name, value]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
};

/** Storage and budgets are told as they are now, and only with this month; transfer is of the month that is looked at. */
const LimitsColumn = (props: { isCurrent: boolean; transferred: number; transferLimit: number | null }) => {
	const { isCurrent, transferred, transferLimit } = props;
	const storage = useStorage();
	const budgets = useBudgets();
	const limits: Limit[] = isCurrent && budgets.data !== undefined ? budgetLimits(budgets.data) : [];
	if (isCurrent && storage.data?.quotaBytes) {
		limits.push({ name: 'Storage', used: storage.data.usedBytes, most: storage.data.quotaBytes, words: formatBytes });
	}
	if (isCurrent && storage.data?.quotaFiles) {
		limits.push({ name: 'Files', used: storage.data.files, most: storage.data.quotaFiles, words: formatCount });
	}
	if (transferLimit !== null) {
		limits.push({ name: 'Transfer', used: transferred, most: transferLimit, words: formatBytes });
	}
	const error = isCurrent ? (budgets.error ?? storage.error) : null;
	return (
		<LimitsCard
			limits={limits}
			held={isCurrent && budgets.data !== undefined ? heldWords(budgets.data) : null}
			fault={error ? `Not all limits could be read: ${errorText(error)}` : null}
		/>
	);
};

const Corrections = ({ statement }: { statement: Statement }) => {
	const { corrections, correctionsLeft, currency } = statement;
	if (corrections.length === 0) return null;
	return (
		<section className={pageClasses.card}>
			<h2>Corrections</h2>
			<ul className={classes.corrections}>
				{corrections.map(({ record, at, amountMicro, reason }) => (
					<li key={record}>
						<strong>{costWords(amountMicro, currency)}</strong>
						<span>{reason}</span>
						<span className={pageClasses.quiet}>
							<RelativeTime at={at} />
						</span>
					</li>
				))}
			</ul>
			{correctionsLeft > 0 && <p className={pageClasses.quiet}>And {formatCount(correctionsLeft)} more.</p>}
		</section>
	);
};
