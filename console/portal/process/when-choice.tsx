import { Radio, Stack } from '@mantine/core';
import type { When } from './when.ts';

const WORDS: Record<When, { label: string; description: string }> = {
	now: { label: 'Now', description: 'In line with everything else of yours.' },
	upload: { label: 'On upload to a folder', description: 'Whenever a file comes into it, or changes.' },
	schedule: { label: 'On a schedule', description: 'Again and again, at times that you set.' },
};

interface WhenChoiceProps {
	when: When;
	/** Why it cannot be; null: it can. */
	faultOf(when: When): string | null;
	onChoose(when: When): void;
}

/** When it is to start; what cannot be says why. */
export const WhenChoice = ({ when, faultOf, onChoose }: WhenChoiceProps) => (
	<Radio.Group
		aria-label="When"
		value={when}
		onChange={(value) => onChoose(value === 'upload' || value === 'schedule' ? value : 'now')}
	>
		<Stack gap={12}>
			{(['now', 'upload', 'schedule'] as const).map((one) => {
				const fault = faultOf(one);
				return (
					<Radio
						key={one}
						value={one}
						label={WORDS[one].label}
						description={fault ?? WORDS[one].description}
						disabled={fault !== null}
					/>
				);
			})}
		</Stack>
	</Radio.Group>
);
