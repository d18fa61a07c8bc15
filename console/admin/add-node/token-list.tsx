import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { NodeToken } from '../../../shared/client/nodes.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { useNodeTokens, useRevokeToken } from './use-node-tokens.ts';
import { words } from './words.ts';

const columnsFor = (revoke: (id: string) => void): TableColumn<NodeToken>[] => [
	{
		name: 'token',
		head: words.id,
		cell: ({ ending, id }) =>
			ending === null ? <code title={id}>{words.endNotKept}</code> : <code className="millrace-mono">…{ending}</code>,
		value: ({ ending }) => ending,
	},
	{
		...{ name: 'queues', head: words.queues, value: ({ queues }) => queues?.join(' ') ?? '' },
		cell: ({ queues }) => queues?.join(', ') ?? words.anyQueue,
	},
	{
		...{ name: 'uses', head: words.usesLeft, isNumber: true, value: ({ usesLeft }) => usesLeft },
		cell: ({ usesLeft }) => usesLeft,
	},
	{
		...{ name: 'made', head: words.made, value: ({ createdAt }) => createdAt },
		cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
	},
	{
		...{ name: 'expires', head: words.expiresAt, value: ({ expiresAt }) => expiresAt },
		cell: ({ expiresAt }) => <RelativeTime at={expiresAt} />,
	},
	{
		...{ name: 'acts', head: '' },
		cell: ({ id, ending }) => (
			<Button size="compact-sm" variant="default" aria-label={words.revokeToken(ending)} onClick={() => revoke(id)}>
				{words.revoke}
			</Button>
		),
	},
];

/** Tokens that still let machines in, each to be revoked. */
export const TokenList = () => {
	const tokens = useNodeTokens();
	const { mutate: revoke } = useRevokeToken();
	const columns = useMemo(() => columnsFor(revoke), [revoke]);
	return (
		<section className={page.card} aria-labelledby="add-tokens">
			<h2 id="add-tokens">{words.tokens}</h2>
			{tokens.data === undefined ? (
				tokens.error ? (
					<ErrorState error={tokens.error} what={words.tokensWhat} onRetry={() => void tokens.refetch()} />
				) : (
					<LoadingState what={words.theTokens} rows={2} />
				)
			) : tokens.data.length === 0 ? (
				<p className={page.quiet}>{words.noTokens}</p>
			) : (
				<DataTable
					label={words.tokens}
					rows={tokens.data}
					columns={columns}
					keyOf={({ id }) => id}
					csvName="node-tokens"
				/>
			)}
		</section>
	);
};
