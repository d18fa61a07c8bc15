import { Button } from '@mantine/core';
import type { SourceItem, SourceView } from '../../../shared/protocol/source.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { printable } from '../../kit/tasks/log-lines.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { hostOf } from './source-words.ts';
import classes from './sources.module.css';
import { useSourceItems } from './use-sources.ts';

/** What the source has brought, the newest first. All of it is from outside: shown as text, never as anything else. */
export const ItemTable = ({ source }: { source: SourceView }) => {
	const query = useSourceItems(source.id);
	const { rows } = query;
	if (query.isPending) return <LoadingState what="its items" rows={4} />;
	if (query.isError && rows.length === 0) {
		return <ErrorState error={query.error} what="Its items cannot be shown" onRetry={() => void query.refetch()} />;
	}
	if (rows.length === 0) {
		return <p className={pageClasses.quiet}>Nothing yet. What its runs bring appears here.</p>;
	}
	return (
		<>
			<table className={classes.items} aria-label="Items, the newest first">
				<thead>
					<tr>
						<th scope="col">When</th>
						<th scope="col">What</th>
						<th scope="col" data-column="by">
							By
						</th>
						<th scope="col" data-column="link">
							Link
						</th>
					</tr>
				</thead>
				<tbody>
					{rows.map((item) => (
						<ItemRow key={`${item.datasetVersion} ${item.key}`} item={item} />
					))}
				</tbody>
			</table>
			{query.hasNextPage && (
				<Button
					className={pageClasses.more!}
					variant="default"
					size="sm"
					loading={query.isFetchingNextPage}
					onClick={() => void query.fetchNextPage()}
				>
					Older items
				</Button>
			)}
		</>
	);
};

const ItemRow = ({ item }: { item: SourceItem }) => {
	const { at, foundAt, title, text, author, link } = item;
	const host = hostOf(link);
	const by = author !== null && <bdi>{printable(author)}</bdi>;
	const where = link !== null && host !== null && (
		<a className={pageClasses.link} href={link} target="_blank" rel="noopener noreferrer nofollow">
			{host}
		</a>
	);
	return (
		<tr>
			<td className={classes.when}>
				<RelativeTime at={at ?? foundAt} />
			</td>
			<td>
				{title !== null && (
					<strong className={classes.itemTitle}>
						<bdi>{printable(title)}</bdi>
					</strong>
				)}
				{text !== null && (
					<p className={classes.text}>
						<bdi>{printable(text)}</bdi>
					</p>
				)}
				{title === null && text === null && <span className={pageClasses.quiet}>without words</span>}
				<p className={classes.below}>
					{by} {where}
				</p>
			</td>
			<td data-column="by">{by}</td>
			<td data-column="link">{where}</td>
		</tr>
	);
};
