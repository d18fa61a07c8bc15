import { configureNode, forgetNode, revokeNode, steerNode } from '../../../shared/client/nodes.ts';
import { undoAct } from '../../../shared/client/task-steering.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { notifyDone, notifyError, notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

const undo = async (act: string, { name }: NodeView): Promise<void> => {
	try {
		const { changed } = await undoAct(http, act);
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
	return {
		leave: useAct<Leaving, { verb: Leaving['act']; act: string }>({
			...common,
			act: async (wish) => {
				const until = wish.forMs === null ? undefined : new Date(Date.now() + wish.forMs).toISOString();
				const reason = wish.reason === '' ? undefined : wish.reason;
				const { act } = await steerNode(http, id, wish.act, { reason, until });
				return { verb: wish.act, act };
			},
			onDone: ({ verb, act }) => {
				onDone();
				if (verb === 'cordon') notifyUndo(words.cordoned(name), () => void undo(act, node));
				else notifyDone(words.drained(name));
			},
		}),
		resume: useAct({
			...common,
			act: () => steerNode(http, id, 'uncordon'),
			onDone: ({ act }) => {
				onDone();
				notifyUndo(words.resumed(name), () => void undo(act, node));
			},
		}),
		configure: useAct<Parameters<typeof configureNode>[2]>({
			...common,
			act: (to) => configureNode(http, id, to),
			done: words.saved(name),
			onDone,
		}),
		revoke: useAct({ ...common, act: () => revokeNode(http, id), done: words.revoked(name), onDone }),
		forget: useAct({ ...common, act: () => forgetNode(http, id), done: words.forgotten(name), onDone }),
	};
};
