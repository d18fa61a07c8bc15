import { NativeSelect, NumberInput } from '@mantine/core';
import { MISFIRES, OVERLAPS, type ScheduleSummary } from '../../../shared/protocol/schedule.ts';
import { MISFIRE_WORDS, OVERLAP_WORDS } from './schedule-words.ts';
import classes from './schedules.module.css';

export type Policy = Pick<ScheduleSummary, 'misfire' | 'overlap' | 'pauseAfter'>;

export const USUAL_POLICY: Policy = { misfire: 'once', overlap: 'skip', pauseAfter: 5 };

/** What becomes of times that cannot be kept, and of failures. */
export const PolicyFields = ({ policy, onChange }: { policy: Policy; onChange(policy: Policy): void }) => (
	<div className={classes.fields}>
		<NativeSelect
			label="When the last run is not over"
			data={OVERLAPS.map((value) => ({ value, label: OVERLAP_WORDS[value] }))}
			value={policy.overlap}
			onChange={(event) => {
				const { value } = event.currentTarget;
				onChange({ ...policy, overlap: OVERLAPS.find((one) => one === value) ?? 'skip' });
			}}
		/>
		<NativeSelect
			label="When nothing could run for a while"
			description={policy.misfire === 'all' ? 'Only where new runs wait for the old ones.' : undefined}
			data={MISFIRES.map((value) => ({ value, label: MISFIRE_WORDS[value] }))}
			value={policy.misfire}
			onChange={(event) => {
				const { value } = event.currentTarget;
				const misfire = MISFIRES.find((one) => one === value) ?? 'once';
				// Runs that are caught up on would overlap.
				onChange({ ...policy, misfire, ...(misfire === 'all' ? { overlap: 'queue' } : {}) });
			}}
		/>
		<NumberInput
			label="Pause after failures in a row"
			description="0: never"
			min={0}
			max={1_000}
			allowDecimal={false}
			value={policy.pauseAfter}
			onChange={(value) => onChange({ ...policy, pauseAfter: Number(value) })}
		/>
	</div>
);
