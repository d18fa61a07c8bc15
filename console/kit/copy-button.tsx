import { ActionIcon, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { announce } from './announcer.tsx';
import { Icon } from './icons.tsx';

/** The clipboard proper exists on HTTPS and localhost only; elsewhere the old way still works. */
const copyText = async (text: string): Promise<boolean> => {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const area = document.createElement('textarea');
		area.value = text;
		area.className = 'millrace-off-screen';
		const focused = document.activeElement;
		(focused?.closest('[role="dialog"]') ?? document.body).append(area);
		area.select();
		const copied = document.execCommand('copy');
		area.remove();
		if (focused instanceof HTMLElement) focused.focus();
		return copied;
	}
};

/** A command of ours: whoever has none of them on the PATH learns where it comes from. */
const OURS = /^(?:MILLRACE_TOKEN=\S+ )?(millrace|coordinator|agent) /;
const hintOf = (text: string): string => {
	const program = OURS.exec(text)?.[1];
	return program === undefined ? '' : `. For a terminal; how it gets the command ${program} is in the README.`;
};

/** Copies a text and says that it did; `what` names it: `Copy the task’s id`. */
export const CopyButton = ({ text, what }: { text: string; what: string }) => {
	const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
	useEffect(() => {
		if (outcome === null) return;
		const timer = setTimeout(() => setOutcome(null), 1_800);
		return () => clearTimeout(timer);
	}, [outcome]);
	const copy = async () => {
		const copied = await copyText(text);
		setOutcome(copied ? 'copied' : 'failed');
		announce(copied ? 'Copied' : 'Copying failed', copied ? 'polite' : 'assertive');
	};
	const label =
		outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Copying failed' : `Copy ${what}${hintOf(text)}`;
	return (
		<Tooltip label={label}>
			<ActionIcon
				variant="subtle"
				color={outcome === 'failed' ? 'red' : 'gray'}
				onClick={() => void copy()}
				aria-label={`Copy ${what}`}
			>
				<Icon name={outcome === 'copied' ? 'check' : 'copy'} size={16} />
			</ActionIcon>
		</Tooltip>
	);
};
