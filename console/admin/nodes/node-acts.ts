import type { Role } from '../../../shared/protocol/account.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import type { IconName } from '../../kit/icons.tsx';
import { quoteForShell } from '../../kit/quote-for-shell.ts';
import { words } from './words.ts';

/** What can be done to a node here. */
export type NodeActKind = 'cordon' | 'drain' | 'resume' | 'settings' | 'revoke' | 'forget';

interface OfferedAct {
	kind: NodeActKind;
	word: string;
	icon: IconName;
	/** It cannot be undone. */
	isFinal: boolean;
	/** Not for who looks. */
	isDenied: boolean;
}

/** An act that is being decided on. */
export interface WishedAct {
	kind: NodeActKind;
	node: NodeView;
}

const ICONS: Record<NodeActKind, IconName> = {
	...{ cordon: 'pause', drain: 'hourglass', resume: 'play', settings: 'edit', revoke: 'ban', forget: 'trash' },
};
const ADMINISTRATORS: readonly NodeActKind[] = ['settings', 'revoke', 'forget'];
const FINAL: readonly NodeActKind[] = ['revoke', 'forget'];

const kindsOf = ({ state, since, running }: NodeView): NodeActKind[] => {
	switch (state) {
		case 'online':
			return ['cordon', 'drain', 'settings', 'revoke'];
		case 'cordoned':
		case 'suspect':
			return ['resume', 'drain', 'settings', 'revoke'];
		case 'draining':
			return ['resume', 'settings', 'revoke'];
		case 'offline':
			// What was said of it before it left holds when it comes back.
			return [
				since === null ? 'cordon' : 'resume',
				'settings',
				'revoke',
				...(running === 0 ? ['forget' as const] : []),
			];
		case 'revoked':
			return ['forget'];
	}
};

/** What may be done to a node in its state, the most usual first. */
export const actsOf = (node: NodeView, role: Role): OfferedAct[] =>
	kindsOf(node).map((kind) => ({
		...{ kind, word: words[kind], icon: ICONS[kind], isFinal: FINAL.includes(kind) },
		isDenied: ADMINISTRATORS.includes(kind) && role !== 'administrator',
	}));

/** The same for a terminal. */
export const commandOf = (kind: 'cordon' | 'drain' | 'resume', name: string, reason = ''): string => {
	const act = kind === 'resume' ? 'uncordon' : kind;
	return `millrace admin node ${act} ${name}${reason === '' ? '' : ` --reason ${quoteForShell(reason)}`}`;
};

/** Labels as people write them, one a line. */
export const labelLines = (labels: Readonly<Record<string, string>>): string =>
	Object.entries(labels)
		.map(([name, value]) => `${name}=${value}`)
		.join('\n');

/** What was written, as labels; a fault is what to say. */
export const labelsIn = (text: string): { labels: Record<string, string> } | { fault: string } => {
	const labels = new Map<string, string>();
	for (const line of text.split('\n').map((each) => each.trim())) {
		if (line === '') continue;
		const [, name, value] = /^([A-Za-z0-9][\w./-]{0,62})=(.{0,255})$/.exec(line) ?? [];
		if (name === undefined || value === undefined) return { fault: words.badLabel(line.slice(0, 60)) };
		if (labels.has(name)) return { fault: words.twice(name) };
		labels.set(name, value);
	}
	return { labels: Object.fromEntries(labels) };
};
