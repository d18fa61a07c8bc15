import type { StorageView } from '../../../shared/protocol/about.ts';
import { formatBytes } from '../../kit/format.ts';
import classes from './settings.module.css';
import { storageWords } from './words.ts';

const share = (part: number, whole: number): number =>
	whole <= 0 ? 0 : Math.min(100, Math.max(0, (100 * part) / whole));

/** The disk as one bar: what Millrace takes, what others do, what is free, and where uploads end. */
export const DiskBar = ({ disk, ours }: { disk: NonNullable<StorageView['disk']>; ours: number }) => {
	const { free, total, watermark } = disk;
	const used = Math.max(0, total - free);
	const own = Math.min(ours, used);
	const parts = [
		{ name: 'ours', word: storageWords.ours, bytes: own },
		{ name: 'others', word: storageWords.others, bytes: used - own },
		{ name: 'free', word: storageWords.freeWord, bytes: free },
	] as const;
	return (
		<>
			<p className={classes.sum}>
				{storageWords.free(free, total)} {storageWords.refused(watermark)}
			</p>
			<div
				className={classes.disk}
				role="img"
				aria-label={`${storageWords.bar}: ${parts.map(({ word, bytes }) => `${word} ${formatBytes(bytes)}`).join(', ')}`}
			>
				{parts.map(({ name, bytes }) => (
					<span key={name} data-part={name} style={{ width: `${share(bytes, total)}%` }} />
				))}
				<i title={storageWords.watermark} style={{ left: `${100 - share(watermark, total)}%` }} />
			</div>
			<ul className={classes.legend}>
				{parts.map(({ name, word, bytes }) => (
					<li key={name} data-part={name}>
						{word} {formatBytes(bytes)}
					</li>
				))}
				<li data-part="watermark">{storageWords.watermark}</li>
			</ul>
		</>
	);
};
