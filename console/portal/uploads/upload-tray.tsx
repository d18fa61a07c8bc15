import { ActionIcon, Button, Progress, Tooltip } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { formatBytes, formatEstimate, formatRate, plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { UploadRow } from './upload-row.tsx';
import { totalsOf, type UploadTotals } from './upload-totals.ts';
import classes from './upload-tray.module.css';
import { useUploadQueue, useUploads } from './uploads.tsx';
import { useFollow } from './use-follow.ts';
import { useProgressWords } from './use-progress-words.ts';
import { useSpeed } from './use-speed.ts';

/** The uploads, at the corner of every page: sending and processing apart, and whether the page may be closed. */
export const UploadTray = () => {
	const { runner, reading } = useUploads();
	const { items } = useUploadQueue();
	const [open, setOpen] = useState(true);
	const totals = totalsOf(items);
	const speed = useSpeed(totals);
	useProgressWords(totals);
	if (items.length === 0 && reading === null) return null;
	return (
		<section className={classes.tray} aria-label="Uploads" data-open={open || undefined}>
			<header className={classes.head}>
				<div className={classes.summary}>
					<strong>{headline(totals, reading)}</strong>
					<span>{subline(totals, speed.bytesPerSecond, speed.leftMs)}</span>
				</div>
				<Tooltip label={open ? 'Fold' : 'Unfold'}>
					<ActionIcon
						variant="subtle"
						color="gray"
						aria-label={open ? 'Fold the uploads' : 'Unfold the uploads'}
						aria-expanded={open}
						onClick={() => setOpen(!open)}
					>
						<Icon name="chevronDown" className={classes.fold!} />
					</ActionIcon>
				</Tooltip>
			</header>
			<div className={classes.bars}>
				<Progress
					size={6}
					value={totals.bytes === 0 ? (totals.unsent === 0 ? 100 : 0) : (totals.sentBytes / totals.bytes) * 100}
					aria-label="All sent"
					color={totals.unsent === 0 ? 'teal' : 'indigo'}
				/>
			</div>
			{open && (
				<>
					<div className={classes.controls}>
						<Controls totals={totals} onAct={(kind) => runner.dispatch({ kind, ids: 'all' })} />
						{totals.over > 0 && (
							<Button
								size="compact-xs"
								variant="subtle"
								color="gray"
								onClick={() => runner.dispatch({ kind: 'clear-over' })}
							>
								Clear finished
							</Button>
						)}
						{totals.needFile > 0 && (
							<Button
								size="compact-xs"
								variant="subtle"
								color="gray"
								onClick={() => {
									const ids = items.filter(({ state }) => state === 'needs-file').map(({ id }) => id);
									runner.dispatch({ kind: 'remove', ids });
								}}
							>
								Forget {plural(totals.needFile, 'interrupted one')}
							</Button>
						)}
					</div>
					<Rows />
				</>
			)}
		</section>
	);
};

const Controls = ({ totals, onAct }: { totals: UploadTotals; onAct(kind: 'pause' | 'resume' | 'retry'): void }) => (
	<>
		{totals.moving > 0 && (
			<Button
				size="compact-xs"
				variant="light"
				leftSection={<Icon name="pause" size={13} />}
				onClick={() => onAct('pause')}
			>
				Pause all
			</Button>
		)}
		{totals.paused > 0 && (
			<Button
				size="compact-xs"
				variant="light"
				leftSection={<Icon name="play" size={13} />}
				onClick={() => onAct('resume')}
			>
				Resume all
			</Button>
		)}
		{totals.failed > 0 && (
			<Button
				size="compact-xs"
				variant="light"
				color="red"
				leftSection={<Icon name="refresh" size={13} />}
				onClick={() => onAct('retry')}
			>
				Retry all failed ({totals.failed})
			</Button>
		)}
	</>
);

const Rows = () => {
	const { runner } = useUploads();
	const { items } = useUploadQueue();
	const scroll = useRef<HTMLElement>(null);
	const virtual = useVirtualizer({
		count: items.length,
		getScrollElement: () => scroll.current,
		estimateSize: () => 62,
		getItemKey: (at) => items[at]?.id ?? at,
		overscan: 6,
	});
	useFollow(scroll, items, (at) => virtual.scrollToIndex(at, { align: 'start' }));
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
		<section ref={scroll} className={classes.rows} tabIndex={0} aria-label="List of uploads">
			<div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
				{virtual.getVirtualItems().map(({ index, key, start }) => {
					const item = items[index];
					return (
						item && (
							<div
								key={key}
								ref={virtual.measureElement}
								data-index={index}
								className={classes.place}
								style={{ transform: `translateY(${start}px)` }}
							>
								<UploadRow item={item} runner={runner} />
							</div>
						)
					);
				})}
			</div>
		</section>
	);
};

const headline = (totals: UploadTotals, reading: number | null): string => {
	if (reading !== null) return `Reading the folder … ${plural(reading, 'file')} so far`;
	if (totals.conflicts > 0)
		return `${plural(totals.conflicts, 'file')} wait${totals.conflicts === 1 ? 's' : ''} for your decision`;
	if (totals.moving > 0) return `Sending ${plural(totals.files, 'file')}`;
	if (totals.failed > 0) return `${plural(totals.failed, 'upload')} failed`;
	if (totals.paused > 0) return `${plural(totals.paused, 'upload')} paused`;
	if (totals.needFile > 0) return `${plural(totals.needFile, 'upload')} interrupted`;
	return totals.processing > 0 ? 'All sent; processing' : 'All uploaded';
};

const subline = (totals: UploadTotals, speed: number | null, leftMs: number | null): string => {
	const parts = [];
	if (totals.unsent > totals.needFile) parts.push(`${formatBytes(totals.sentBytes)} of ${formatBytes(totals.bytes)}`);
	if (totals.moving > 0 && speed !== null) parts.push(formatRate(speed));
	if (totals.moving > 0 && leftMs !== null) parts.push(`${formatEstimate(leftMs)} left`);
	if (totals.processing > 0) parts.push(`${plural(totals.processing, 'file')} being processed`);
	if (parts.length === 0 && totals.files > 0)
		parts.push(`${plural(totals.files, 'file')}, ${formatBytes(totals.bytes)}`);
	if (totals.unsent === 0) parts.push('safe to close');
	return parts.join(' · ');
};
