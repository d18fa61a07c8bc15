import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { CopyButton } from './copy-button.tsx';
import { formatCount, formatExact } from './format.ts';
import { Icon } from './icons.tsx';
import classes from './log-view.module.css';
import { errorText } from './remote/error-text.ts';
import { useTaskLog } from './tasks/use-task-log.ts';

const NEAR_PX = 24;

interface LogViewProps {
	/** The task's. */
	id: string;
	isOpen: boolean;
	/** What is shown of a line, which anybody may have written. */
	textOf(line: string): string;
}

/** The log, at its newest line; scrolling up holds it still, and a button tells how much has come since. */
export const LogView = ({ id, isOpen, textOf }: LogViewProps) => {
	const { lines, isRead, error } = useTaskLog(id, isOpen);
	const box = useRef<HTMLElement>(null);
	const [seenUntil, setSeenUntil] = useState<number | null>(null);
	const newest = lines.at(-1)?.seq ?? -1;
	const isFollowing = seenUntil === null;
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what moves the end
	useEffect(() => {
		if (isFollowing) box.current?.scrollTo({ top: box.current.scrollHeight });
	}, [isFollowing, newest]);
	const onScroll = () => {
		const element = box.current;
		if (element === null) return;
		const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
		setSeenUntil(atEnd ? null : (before) => before ?? newest);
	};
	const unseen = seenUntil === null ? 0 : lines.filter(({ seq }) => seq > seenUntil).length;
	return (
		<div className={classes.frame}>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<section ref={box} className={classes.box} tabIndex={0} aria-label="Log" onScroll={onScroll}>
				{lines.length === 0 && (
					<p className={classes.none}>{error ? errorText(error) : isRead ? emptyWords(isOpen) : 'Reading the log …'}</p>
				)}
				{lines.map(({ seq, at, stream, text }) => (
					<div key={seq} className={classes.line} data-stream={stream}>
						<time dateTime={at} title={formatExact(new Date(at))}>
							{new Date(at).toLocaleTimeString('en-GB')}
						</time>
						<span>
							{stream !== 'out' && <b>{stream === 'err' ? 'error ' : 'system '}</b>}
							{textOf(text)}
						</span>
					</div>
				))}
			</section>
			{lines.length > 0 && (
				<div className={classes.copy}>
					<CopyButton text={lines.map(({ text }) => textOf(text)).join('\n')} what="the log" />
				</div>
			)}
			{!isFollowing && (
				<Button
					className={classes.jump!}
					size="compact-sm"
					leftSection={<Icon name="arrowDown" size={14} />}
					onClick={() => setSeenUntil(null)}
				>
					Jump to newest{unseen > 0 && ` (${formatCount(unseen)})`}
				</Button>
			)}
		</div>
	);
};

const emptyWords = (isOpen: boolean): string => (isOpen ? 'Nothing has been logged yet.' : 'Nothing was logged.');
