import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { Statement } from '../../../shared/protocol/statement.ts';
import type { UsageAnswer } from '../../../shared/protocol/usage.ts';
import { formatBytes, formatCount, formatDuration } from '../../kit/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import pageClasses from '../shell/page.module.css';
import { FilesCard, TasksCard } from './dearest-cards.tsx';
import { type Limit, LimitsCard } from './limits-card.tsx';
import { daysOf, monthInWords, monthOfUrl } from './month.ts';
import { Downloads, MonthBar } from './month-bar.tsx';
import classes from './usage.module.css';
import { UsageChart } from './usage-chart.tsx';
import { costWords, type Measure, measured, storedWords } from './usage-words.ts';
import { useStatement, useStorage, useTransferLimit, useUsage } from './use-usage.ts';
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
	const limits: Partial<Record<Measure, number>> = transferLimit === null ? {} : { transfer: transferLimit };
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
					<LimitsColumn transferred={transferred} transferLimit={transferLimit} />
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
							<LimitsColumn transferred={transferred} transferLimit={transferLimit} />
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

/** Storage is what is taken now, whichever month is looked at; the rest is of the month. */
const LimitsColumn = ({ transferred, transferLimit }: { transferred: number; transferLimit: number | null }) => {
	const storage = useStorage().data;
	const limits: Limit[] = [];
	if (storage !== undefined && storage.quotaBytes !== null) {
		limits.push({ name: 'Storage now', used: storage.usedBytes, most: storage.quotaBytes, words: formatBytes });
	}
	if (storage !== undefined && storage.quotaFiles !== null) {
		limits.push({ name: 'Files now', used: storage.files, most: storage.quotaFiles, words: formatCount });
	}
	if (transferLimit !== null) {
		limits.push({ name: 'Transfer', used: transferred, most: transferLimit, words: formatBytes });
	}
	return <LimitsCard limits={limits} />;
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
