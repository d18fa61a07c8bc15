import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { withdrawPrices } from '../../../shared/client/usage.ts';
import type { PriceVersion } from '../../../shared/protocol/price-book.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { formatExact } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { useTitle } from '../../kit/use-title.ts';
import classes from '../accounting/accounting.module.css';
import { usePrices } from '../accounting/use-choices.ts';
import { keys } from '../remote/keys.ts';
import { VersionDetail } from './version-detail.tsx';
import { words } from './words.ts';

const LOOKS: Record<PriceVersion['state'], StateLook> = {
	past: { word: words.past, color: 'gray', icon: 'clock' },
	current: { word: words.current, color: 'teal', icon: 'circleCheck' },
	coming: { word: words.coming, color: 'indigo', icon: 'hourglass' },
};

/** What things cost, and did, and will. */
export const PricesPage = () => {
	useTitle(words.title);
	const query = usePrices();
	const versions = query.data?.items;
	const set = (
		<Button component={Link} to="/prices/new" leftSection={<Icon name="plus" size={16} />}>
			{words.set}
		</Button>
	);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				{versions !== undefined && versions.length > 0 && set}
			</div>
			{versions === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.what} />
				)
			) : versions.length === 0 ? (
				<EmptyState icon="tag" title={words.none} actions={set}>
					{words.noneLong}
				</EmptyState>
			) : (
				<Versions versions={versions} />
			)}
		</>
	);
};

const Versions = ({ versions }: { versions: readonly PriceVersion[] }) => {
	const [chosen] = useSearchParam('version');
	const [withdrawing, setWithdrawing] = useState<number | null>(null);
	const withdraw = useAct({
		key: keys.prices,
		failed: words.notWithdrawn,
		done: words.withdrawn,
		act: async (version: number) => {
			await withdrawPrices(http, version);
			return version;
		},
	});
	const shown =
		versions.find(({ version }) => String(version) === chosen) ??
		versions.find(({ state }) => state === 'current') ??
		versions[0];
	const before = versions.find(({ version }) => shown !== undefined && version < shown.version) ?? null;
	const columns: TableColumn<PriceVersion>[] = [
		{
			name: 'version',
			head: words.version,
			cell: ({ version }) => (
				<Link
					className={page.name}
					to={`/prices?version=${version}`}
					aria-current={version === shown?.version ? 'true' : undefined}
				>
					{words.detail(version)}
				</Link>
			),
			value: ({ version }) => version,
		},
		{
			name: 'state',
			head: words.state,
			cell: ({ state }) => <LookChip look={LOOKS[state]} quiet={state === 'past'} />,
			value: ({ state }) => state,
		},
		{
			name: 'from',
			head: words.from,
			cell: ({ from }) => formatExact(new Date(from), 'UTC'),
			value: ({ from }) => from,
		},
		{
			name: 'to',
			head: words.to,
			cell: ({ to }) => (to === null ? words.open : formatExact(new Date(to), 'UTC')),
			value: ({ to }) => to,
		},
		{ name: 'currency', head: words.currency, cell: ({ currency }) => currency, value: ({ currency }) => currency },
		{ name: 'note', head: words.note, cell: ({ note }) => note, value: ({ note }) => note },
		{
			name: 'acts',
			head: '',
			cell: ({ version, state }) =>
				state === 'coming' && (
					<Button
						size="xs"
						variant="default"
						aria-label={words.withdrawOf(version)}
						onClick={() => setWithdrawing(version)}
					>
						{words.withdraw}
					</Button>
				),
		},
	];
	return (
		<>
			<p className={classes.note}>{words.lead}</p>
			<DataTable
				label={words.title}
				rows={versions}
				columns={columns}
				keyOf={({ version }) => String(version)}
				csvName="prices"
			/>
			{shown && <VersionDetail shown={shown} before={before} />}
			<ConfirmDialog
				opened={withdrawing !== null}
				title={words.withdrawTitle(withdrawing ?? 0)}
				act={words.withdraw}
				busy={withdraw.isPending}
				onClose={() => setWithdrawing(null)}
				onConfirm={() => withdraw.mutate(withdrawing ?? 0, { onSettled: () => setWithdrawing(null) })}
			>
				{words.withdrawText}
			</ConfirmDialog>
		</>
	);
};
