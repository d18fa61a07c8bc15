import { Button, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import { setLogLevel } from '../../../shared/client/settings.ts';
import { LOG_LEVELS, type LogLevel, type LogView } from '../../../shared/protocol/about.ts';
import { readableLogLine } from '../../../shared/readable-log-line.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import { LogLines } from './log-lines.tsx';
import { Read } from './read.tsx';
import classes from './settings.module.css';
import { useLog } from './use-settings.ts';
import { logWords, words } from './words.ts';

/** How much is logged, and the newest of it. */
export const LogTab = () => {
	const [follows, setFollows] = useState(true);
	const log = useLog(follows);
	return (
		<Read query={log} what={logWords.what}>
			{(view) => (
				<div className={classes.sections}>
					<Level log={view} />
					<Lines log={view} follows={follows} onFollow={setFollows} />
				</div>
			)}
		</Read>
	);
};

const Level = ({ log: { level, startLevel } }: { log: LogView }) => {
	const set = useAct({
		act: (to: LogLevel) => setLogLevel(http, to),
		key: keys.log,
		done: (after) => logWords.changed(after.level),
		failed: logWords.notChanged,
	});
	return (
		<section className={classes.level} aria-label={logWords.level}>
			<Select
				label={logWords.level}
				data={LOG_LEVELS.map((value) => ({ value, label: logWords[value] }))}
				value={set.isPending ? set.variables : level}
				allowDeselect={false}
				disabled={set.isPending}
				onChange={(to) => to !== null && to !== level && set.mutate(to as LogLevel)}
			/>
			<CopyButton text={`millrace admin log level ${level}`} what={words.asCommand} />
			{level !== startLevel && (
				<Button variant="default" onClick={() => set.mutate(startLevel)}>
					{logWords.back(startLevel)}
				</Button>
			)}
			<p className={page.quiet}>{logWords.note(startLevel)}</p>
		</section>
	);
};

interface LinesProps {
	log: LogView;
	follows: boolean;
	onFollow(follows: boolean): void;
}

const Lines = ({ log, follows, onFollow }: LinesProps) => {
	const [filter, setFilter] = useSearchParam('find');
	const wanted = filter.toLowerCase();
	// Shown as text, with what a terminal would obey written out.
	const lines = log.lines
		.map((line) => readableLogLine(line).trimEnd())
		.filter((line) => line.toLowerCase().includes(wanted));
	return (
		<section aria-label={logWords.lines}>
			<h2>{logWords.lines}</h2>
			<div className={classes.logTools}>
				<div className={classes.find}>
					<FilterBox label={logWords.filter} value={filter} onChange={setFilter} />
				</div>
				<Switch label={logWords.follow} checked={follows} onChange={(event) => onFollow(event.currentTarget.checked)} />
				<CopyButton text="millrace admin log" what={words.asCommand} />
			</div>
			{lines.length > 0 ? (
				<LogLines lines={lines} follows={follows} />
			) : filter === '' ? (
				<EmptyState icon="list" title={logWords.empty}>
					{logWords.emptyText}
				</EmptyState>
			) : (
				<EmptyState icon="search" title={logWords.noneFits}>
					{logWords.noneFitsText}
				</EmptyState>
			)}
		</section>
	);
};
