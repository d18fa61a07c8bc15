import { configureNode, forgetNode, type NodeAct, steerNode } from '../../../shared/client/nodes.ts';
import { listActs, undoAct } from '../../../shared/client/task-steering.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { notifyDone, notifyError, notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

/** Acts among which the one is looked for that is to be undone. */
const LOOKED_THROUGH = 50;

const undo = async (act: 'cordon' | 'uncordon', { id, name }: NodeView): Promise<void> => {
	try {
		const { items } = await listActs(http, { limit: LOOKED_THROUGH });
		const done = items.find(({ verb, object, undone }) => verb === `node.${act}` && object === id && undone === null);
		const { changed } = done ? await undoAct(http, done.id) : { changed: 0 };
		if (changed === 0) notifyError(words.notUndone, words.steeredSince(name));
		else notifyDone(words.undone(name));
	} catch (error) {
		notifyError(words.notUndone, errorText(error));
	} finally {
		void queryClient.invalidateQueries({ queryKey: keys.nodes });
	}
};

interface Leaving {
	act: 'cordon' | 'drain';
	reason: string;
	/** In milliseconds from now; null: until somebody says otherwise. */
	forMs: number | null;
}

/** The acts on one node; each says what became of it. */
export const useNodeActs = (node: NodeView, onDone: () => void) => {
	const { id, name } = node;
	const common = { key: keys.nodes, failed: words.actFailed(name) };
	const steer = (act: NodeAct, absence?: { reason?: string | undefined; until?: string | undefined }) =>
		steerNode(http, id, act, absence);
	return {
		leave: useAct<Leaving, Leaving>({
			...common,
			act: async (wish) => {
				const until = wish.forMs === null ? undefined : new Date(Date.now() + wish.forMs).toISOString();
				await steer(wish.act, { reason: wish.reason === '' ? undefined : wish.reason, until });
				return wish;
			},
			onDone: ({ act }) => {
				onDone();
				if (act === 'cordon') notifyUndo(words.cordoned(name), () => void undo('cordon', node));
				else notifyDone(words.drained(name));
			},
		}),
		resume: useAct({
			...common,
			act: () => steer('uncordon'),
			onDone: () => {
				onDone();
				notifyUndo(words.resumed(name), () => void undo('uncordon', node));
			},
		}),
		configure: useAct<Parameters<typeof configureNode>[2]>({
			...common,
			act: (to) => configureNode(http, id, to),
			done: words.saved(name),
			onDone,
		}),
		revoke: useAct({ ...common, act: () => steer('revoke'), done: words.revoked(name), onDone }),
		forget: useAct({ ...common, act: () => forgetNode(http, id), done: words.forgotten(name), onDone }),
	};
};
