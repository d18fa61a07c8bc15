import { Modal } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { LeaveForm } from './leave-dialog.tsx';
import type { WishedAct } from './node-acts.ts';
import { SettingsForm } from './settings-form.tsx';
import { useNodeActs } from './use-node-acts.ts';
import { words } from './words.ts';

interface ActDialogProps {
	/** Null: none is open. */
	wished: WishedAct | null;
	onClose(): void;
	/** The node is in no list any more. */
	onGone?(): void;
}

/** What is asked before something is done to a node; what needs no question is done. */
export const ActDialog = ({ wished, onClose, onGone }: ActDialogProps) => {
	const last = useRef(wished);
	if (wished !== null) last.current = wished;
	// It keeps its words while it fades.
	const shown = wished ?? last.current;
	if (shown === null) return null;
	return <Dialog shown={shown} opened={wished !== null} onClose={onClose} onGone={onGone ?? onClose} />;
};

interface DialogProps {
	shown: WishedAct;
	opened: boolean;
	onClose(): void;
	onGone(): void;
}

const TITLES = {
	...{ cordon: words.cordonTitle, drain: words.drainTitle, settings: words.settingsTitle },
	...{ revoke: words.revokeTitle, forget: words.forgetTitle },
};

const Dialog = ({ shown: { kind, node }, opened, onClose, onGone }: DialogProps) => {
	if (kind === 'resume') return opened ? <Resume key={node.id} node={node} onClose={onClose} /> : null;
	const title = TITLES[kind](node.name);
	if (kind === 'revoke' || kind === 'forget') {
		return (
			<Final
				kind={kind}
				node={node}
				title={title}
				opened={opened}
				onClose={onClose}
				onDone={kind === 'forget' ? onGone : onClose}
			/>
		);
	}
	return (
		<Modal opened={opened} onClose={onClose} title={title}>
			{opened && kind === 'settings' && <SettingsForm node={node} onClose={onClose} />}
			{opened && kind !== 'settings' && <LeaveForm act={kind} node={node} onClose={onClose} />}
		</Modal>
	);
};

/** It can be undone, so nothing is asked. */
const Resume = ({ node, onClose }: { node: WishedAct['node']; onClose(): void }) => {
	const { resume } = useNodeActs(node, onClose);
	const begin = useRef(() => {
		resume.mutate();
		onClose();
	});
	useEffect(() => begin.current(), []);
	return null;
};

interface FinalProps {
	kind: 'revoke' | 'forget';
	node: WishedAct['node'];
	title: string;
	opened: boolean;
	onClose(): void;
	onDone(): void;
}

const Final = ({ kind, node, title, opened, onClose, onDone }: FinalProps) => {
	const acts = useNodeActs(node, onDone);
	const act = acts[kind];
	return (
		<ConfirmDialog
			opened={opened}
			title={title}
			act={words[kind]}
			typed={node.name}
			busy={act.isPending}
			onConfirm={() => act.mutate()}
			onClose={onClose}
		>
			{kind === 'revoke' ? words.revokeText : words.forgetText}
		</ConfirmDialog>
	);
};
