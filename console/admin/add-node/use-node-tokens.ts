import { useQuery } from '@tanstack/react-query';
import { deleteNodeToken, listNodeTokens, type NodeToken } from '../../../shared/client/nodes.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { listQueues } from '../../../shared/client/queues.ts';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

const REREAD_MS = 30_000;
const PAGE = 500;

/** The tokens by which nodes can still join. */
export const useNodeTokens = () =>
	useQuery({
		queryKey: keys.nodeTokens,
		queryFn: async ({ signal }) => {
			const tokens: NodeToken[] = [];
			const pages = (cursor?: string) =>
				listNodeTokens(http, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, { signal });
			for await (const token of eachItem(pages)) tokens.push(token);
			return tokens;
		},
		refetchInterval: REREAD_MS,
	});

export const useRevokeToken = () =>
	useAct<string>({
		act: (id) => deleteNodeToken(http, id),
		key: keys.nodeTokens,
		done: words.revoked,
		failed: words.notRevoked,
	});

/** Names of the queues that there are. */
export const useQueueNames = () =>
	useQuery({
		queryKey: keys.queueNames,
		queryFn: async ({ signal }) => (await listQueues(http, {}, { signal })).items.map(({ name }) => name),
	});
