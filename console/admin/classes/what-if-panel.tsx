import { Button, NativeSelect, Progress } from '@mantine/core';
import type { ServiceClassSettings } from '../../../shared/protocol/service-class.ts';
import { formatPercent } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import page from '../../kit/shell/page.module.css';
import { EmptyState, ErrorState } from '../../kit/states.tsx';
import classes from './classes.module.css';
import { changesBetween } from './setting-values.ts';
import { PERIODS, type Period, type WhatIfState } from './use-what-if.ts';
import { WhatIfResult } from './what-if-result.tsx';
import { whatIfWords as words } from './what-if-words.ts';

const PERIOD_WORDS: Record<Period, string> = { '1h': words.hour, '24h': words.day, '7d': words.week };

interface PanelProps {
	whatIf: WhatIfState;
	name: string;
	/** Null while something does not fit. */
	settings: ServiceClassSettings | null;
}

/** What the settings in the form would have made of the last day, before they are saved. */
export const WhatIfPanel = ({ whatIf, name, settings }: PanelProps) => {
	const { isRunning, answer, asked, error } = whatIf;
	const isStale =
		!isRunning &&
		answer !== null &&
		asked !== null &&
		settings !== null &&
		changesBetween(asked.settings, settings).length > 0;
	return (
		<section className={page.card} aria-label={words.waits}>
			<p className={classes.help}>{words.lead}</p>
			<div className={classes.ask}>
				<NativeSelect
					label={words.period}
					value={whatIf.period}
					disabled={isRunning}
					onChange={(event) => whatIf.setPeriod(event.currentTarget.value as Period)}
					data={(Object.keys(PERIODS) as Period[]).map((value) => ({ value, label: PERIOD_WORDS[value] }))}
				/>
				{isRunning ? (
					<Button variant="default" leftSection={<Icon name="close" size={16} />} onClick={whatIf.cancel}>
						{words.cancel}
					</Button>
				) : (
					<Button
						leftSection={<Icon name="chart" size={16} />}
						disabled={settings === null}
						onClick={() => settings && whatIf.ask(settings)}
					>
						{answer === null ? words.run : words.again}
					</Button>
				)}
			</div>
			{settings === null && <p className={page.fault}>{words.faulty}</p>}
			{isStale && (
				<p className={classes.note} role="status">
					<Icon name="alert" size={16} /> {words.stale}
				</p>
			)}
			{isRunning ? (
				<Running whatIf={whatIf} />
			) : whatIf.isCancelled ? (
				<p className={page.quiet} role="status">
					{words.cancelled}
				</p>
			) : error ? (
				<ErrorState
					error={error}
					what={words.failed}
					{...(settings === null ? {} : { onRetry: () => whatIf.ask(settings) })}
				/>
			) : answer && asked ? (
				<WhatIfResult answer={answer} name={name} asked={asked} />
			) : (
				<EmptyState icon="chart" title={words.notRun}>
					{words.notRunText}
				</EmptyState>
			)}
		</section>
	);
};

/** How far it is: the bar, and what is being done. */
const Running = ({ whatIf: { progress } }: { whatIf: WhatIfState }) => {
	const share = progress?.share ?? 0;
	return (
		<div className={classes.running}>
			<Progress.Root size="lg">
				<Progress.Section value={share * 100} aria-label={words.progress} aria-valuetext={formatPercent(share)} />
			</Progress.Root>
			<p className={page.quiet} role="status">
				{words[progress?.step ?? 'reading']}
			</p>
		</div>
	);
};
