import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRef } from 'react';
import { formatBytes, formatCount, formatDuration } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { costWords, storedWords } from '../../kit/money.ts';
import page from '../../kit/shell/page.module.css';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import classes from '../accounting/accounting.module.css';
import { Figures } from '../accounting/figures.tsx';
import { useCommands } from '../palette/commands.tsx';
import { CorrectDialog } from './correct-dialog.tsx';
import { CutTable } from './cut-table.tsx';
import { RecordTable } from './record-table.tsx';
import { UsageChart } from './usage-chart.tsx';
import { UsageFilters } from './usage-filters.tsx';
import { filterOf, type UsageAsked } from './usage-query.ts';
import { useAsked, useCut } from './use-usage.ts';
import { words } from './words.ts';

/** What everybody has used, from any side, down to the single records. */
export const UsagePage = () => {
	useTitle(words.title);
	const [asked, ask] = useAsked();
	const [correcting, dialog] = useDisclosure(false);
	useCommands([{ id: 'usage correct', group: words.title, word: words.correct, icon: 'edit', run: dialog.open }]);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				<Button variant="default" leftSection={<Icon name="edit" size={16} />} onClick={dialog.open}>
					{words.correct}
				</Button>
			</div>
			<UsageFilters asked={asked} ask={ask} />
			<Cut asked={asked} ask={ask} />
			<CorrectDialog owner={asked.narrowed.owner ?? null} opened={correcting} onClose={dialog.close} />
		</>
	);
};

const Cut = ({ asked: next, ask }: { asked: UsageAsked; ask(next: UsageAsked): void }) => {
	const query = useCut(filterOf(next));
	const { data, error, isPlaceholderData } = query;
	// Until the next answer is there, the one before is shown as an answer to what was asked then.
	const shown = useRef({ asked: next, cut: data });
	if (data !== undefined && !isPlaceholderData) shown.current = { asked: next, cut: data };
	const { asked, cut } = data === undefined ? { asked: next, cut: undefined } : shown.current;
	if (cut === undefined) {
		return error ? (
			<ErrorState error={error} what={words.cannotShow} onRetry={() => void query.refetch()} />
		) : (
			<LoadingState what={words.what} />
		);
	}
	const { total, currency } = cut;
	if (total.records === 0 && total.lost.records === 0) {
		const isNarrowed = Object.keys(asked.narrowed).length > 0;
		return (
			<EmptyState
				icon="gauge"
				title={isNarrowed ? words.noneFit : words.none}
				actions={
					isNarrowed && (
						<Button variant="default" onClick={() => ask({ ...asked, narrowed: {} })}>
							{words.clear}
						</Button>
					)
				}
			>
				{isNarrowed ? words.noneFitLong : words.noneLong}
			</EmptyState>
		);
	}
	const people = total.bytesIn + total.bytesOut - total.nodes.bytesIn - total.nodes.bytesOut;
	return (
		<>
			<Figures
				items={[
					[
						words.cost,
						<span key="cost" data-total>
							{costWords(total.amountMicro, currency)}
						</span>,
					],
					[words.tasks, formatCount(total.tasks)],
					[words.cpu, formatDuration(total.cpuMs)],
					[words.wall, formatDuration(total.wallMs)],
					[words.moved, formatBytes(people)],
					[words.stored, storedWords(total.storedMibS)],
					[words.requests, formatCount(total.requests)],
					[
						words.lost,
						<span key="lost">
							{formatDuration(total.lost.wallMs)}
							<small>{words.lostHint}</small>
						</span>,
					],
				]}
			/>
			<p className={classes.note}>
				{words.lead}
				{cut.freeBefore !== null && ` ${words.freeBefore(cut.freeBefore.slice(0, 10))}`}
			</p>
			<UsageChart asked={asked} />
			<section className={classes.section}>
				{asked.by === 'record' ? <RecordTable asked={asked} /> : <CutTable asked={asked} cut={cut} />}
			</section>
		</>
	);
};
