import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { UsageByFile, UsageByTask } from '../../../shared/protocol/usage-list.ts';
import { formatDuration, plural } from '../../kit/format.ts';
import { costWords } from '../../kit/money.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { TaskChip } from '../../kit/state-chip.tsx';
import { LoadingState } from '../../kit/states.tsx';
import { urlOfFile } from '../files/folder-url.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import classes from './usage.module.css';
import { useUsageByFile, useUsageByTask } from './use-usage.ts';

type Used = Pick<UsageByTask['items'][number], 'attempts' | 'cpuMs' | 'wallMs' | 'amountMicro'>;

const usedWords = ({ cpuMs, wallMs, attempts, amountMicro }: Used, currency: string | null, tasks?: number): string =>
	[
		...(currency === null ? [] : [costWords(amountMicro, currency)]),
		...(tasks === undefined ? [] : [plural(tasks, 'task')]),
		`${formatDuration(cpuMs)} CPU`,
		`${formatDuration(wallMs)} in all`,
		...(tasks === undefined && attempts > 1 ? [plural(attempts, 'attempt')] : []),
	].join(' · ');

interface DearestProps<T> {
	title: string;
	query: { data: { items: T[]; left: number; since: string | null } | undefined; error: unknown; refetch(): unknown };
	/** Such as `the tasks`. */
	what: string;
	row(item: T): ReactNode;
	keyOf(item: T): string;
}

const Dearest = <T,>({ title, query, what, row, keyOf }: DearestProps<T>) => {
	const { data, error } = query;
	return (
		<section className={pageClasses.card}>
			<h2>{title}</h2>
			{data === undefined && !error && <LoadingState what={what} rows={3} />}
			{data === undefined && Boolean(error) && (
				<div role="alert">
					<p className={pageClasses.fault}>{errorText(error)}</p>
					<Button variant="default" size="sm" onClick={() => void query.refetch()}>
						Try again
					</Button>
				</div>
			)}
			{data?.items.length === 0 && (
				<p className={pageClasses.quiet}>
					No task of yours ended in this month, or it is so long ago that they are not told one by one any more.
				</p>
			)}
			<ol className={classes.dearest}>
				{data?.items.map((item) => (
					<li key={keyOf(item)}>{row(item)}</li>
				))}
			</ol>
			{data !== undefined && data.left > 0 && (
				<p className={pageClasses.quiet}>And {data.left.toLocaleString('en')} more that cost less.</p>
			)}
			{data !== undefined && data.since !== null && (
				<p className={pageClasses.quiet}>
					So much was done that only what came after {data.since.slice(0, 10)} was looked through.
				</p>
			)}
		</section>
	);
};

/** The tasks that cost most. */
export const TasksCard = ({ month, currency }: { month: string; currency: string | null }) => {
	const query = useUsageByTask(month);
	const types = useTaskTypes().data?.items ?? [];
	const row = (item: UsageByTask['items'][number]) => {
		const title = types.find(({ name }) => name === item.type)?.title ?? item.type;
		return (
			<>
				<span className={classes.dearestName}>
					{item.task === null ? (
						<span>{title}</span>
					) : (
						<Link className={pageClasses.link} to={`/tasks/${item.task}`}>
							{title}
							{item.file !== null && ` of ${item.file}`}
						</Link>
					)}
					{item.state === null ? (
						<span className={pageClasses.quiet}>not kept any more</span>
					) : (
						<TaskChip state={item.state} progress={null} />
					)}
				</span>
				<span className={pageClasses.quiet}>{usedWords(item, currency)}</span>
			</>
		);
	};
	const keyOf = ({ task, type, amountMicro }: UsageByTask['items'][number]) => task ?? `${type} ${amountMicro}`;
	return <Dearest title="Tasks that took most" query={query} what="the tasks" row={row} keyOf={keyOf} />;
};

/** The files for which most was done. */
export const FilesCard = ({ month, currency }: { month: string; currency: string | null }) => {
	const query = useUsageByFile(month);
	const row = (item: UsageByFile['items'][number]) => {
		const { file, path, name } = item;
		return (
			<>
				<span className={classes.dearestName}>
					{file === null ? (
						<span>Without a file of yours</span>
					) : path === null ? (
						<span>{name} (in the trash)</span>
					) : (
						<Link className={pageClasses.link} to={urlOfFile({ id: file, path })}>
							{path}
						</Link>
					)}
				</span>
				<span className={pageClasses.quiet}>{usedWords(item, currency, item.tasks)}</span>
			</>
		);
	};
	return (
		<Dearest
			title="Files that took most"
			query={query}
			what="the files"
			row={row}
			keyOf={({ file }) => file ?? 'without a file'}
		/>
	);
};
