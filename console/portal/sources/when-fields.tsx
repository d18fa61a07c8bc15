import { Radio, Stack } from '@mantine/core';
import { Preview } from '../schedules/preview.tsx';
import type { RuleDraft } from '../schedules/rule-draft.ts';
import { TimesFields } from '../schedules/times-fields.tsx';

/** A source's own schedule goes by the clock; others, such as one at intervals, are made for it later. */
const KINDS = ['daily', 'weekly', 'monthly', 'cron'] as const;

interface WhenFieldsProps {
	isTimed: boolean;
	rule: RuleDraft;
	onTimed(isTimed: boolean): void;
	onRule(rule: RuleDraft): void;
}

/** Asks when a new source runs. */
export const WhenFields = ({ isTimed, rule, onTimed, onRule }: WhenFieldsProps) => (
	<Stack>
		<Radio.Group
			aria-label="When it runs"
			value={isTimed ? 'timed' : 'asked'}
			onChange={(value) => onTimed(value === 'timed')}
		>
			<Stack gap={8}>
				<Radio value="timed" label="By itself, at times of the clock" />
				<Radio value="asked" label="Only when I ask it to" />
			</Stack>
		</Radio.Group>
		{isTimed && (
			<div>
				<TimesFields rule={rule} kinds={KINDS} onChange={onRule} />
				<Preview rule={rule} />
			</div>
		)}
	</Stack>
);
