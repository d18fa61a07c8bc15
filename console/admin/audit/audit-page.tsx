import { Button } from '@mantine/core';
import { CopyButton } from '../../kit/copy-button.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { AuditFilterBar } from './audit-filter.tsx';
import { auditColumns } from './columns.tsx';
import { EntryDrawer } from './entry-drawer.tsx';
import { ExportMenu } from './export-menu.tsx';
import { commandOf, isFiltered } from './filter.ts';
import { useAuditEntries, useAuditFilter } from './use-audit.ts';
import { VerifyChain } from './verify-chain.tsx';
import { words } from './words.ts';

/** Who did what: searched, looked into, exported, proved. */
export const AuditPage = () => {
	useTitle(words.title);
	const { filter, change, clear } = useAuditFilter();
	const entries = useAuditEntries(filter);
	const [entry, setEntry] = useSearchParam('entry', { push: true });
	const { rows } = entries;
	const more = () => void entries.fetchNextPage();
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				<div className={page.acts}>
					<VerifyChain onShow={(seq) => setEntry(String(seq))} />
					<ExportMenu filter={filter} />
				</div>
			</div>
			<p className={page.lead}>{words.lead}</p>
			<AuditFilterBar filter={filter} onChange={change} onClear={clear} />
			{rows.length > 0 ? (
				<DataTable
					label={words.table}
					rows={rows}
					columns={auditColumns((seq) => setEntry(String(seq)))}
					keyOf={({ seq }) => String(seq)}
					csvName="audit"
					hasMore={entries.hasNextPage}
					onMore={more}
					tools={<CopyButton text={commandOf(filter)} what={words.asCommand} />}
				/>
			) : entries.isPending ? (
				<LoadingState what={words.entries} />
			) : entries.error ? (
				<ErrorState error={entries.error} what={words.cannot} onRetry={() => void entries.refetch()} />
			) : isFiltered(filter) ? (
				<EmptyState
					icon="search"
					title={words.noneFits}
					actions={
						entries.hasNextPage ? (
							<Button loading={entries.isFetchingNextPage} onClick={more}>
								{words.more}
							</Button>
						) : (
							<Button onClick={clear}>{words.clear}</Button>
						)
					}
				>
					{entries.hasNextPage ? words.further : words.noneFitsText}
				</EmptyState>
			) : (
				<EmptyState icon="shield" title={words.none}>
					{words.noneText}
				</EmptyState>
			)}
			<EntryDrawer
				seq={/^\d{1,15}$/.test(entry) ? Number(entry) : null}
				onClose={() => setEntry('')}
				onFilter={(parts) => change({ ...parts, entry: '' })}
			/>
		</>
	);
};
