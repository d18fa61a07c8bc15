import { NumberInput } from '@mantine/core';
import type { SourceView } from '../../../shared/protocol/source.ts';
import scheduleClasses from '../schedules/schedules.module.css';

export type Limits = Pick<SourceView, 'mostItemsPerMonth' | 'pricePerItem' | 'mostSpendPerMonth'>;

export const NO_LIMITS: Limits = { mostItemsPerMonth: null, pricePerItem: 0, mostSpendPerMonth: null };

/** What is wrong with them; null: nothing. */
export const limitsFault = ({ pricePerItem, mostSpendPerMonth }: Limits): string | null =>
	mostSpendPerMonth !== null && pricePerItem === 0 ? 'Say what an item costs, so that money can be counted.' : null;

const orNull = (value: number | string): number | null => (value === '' ? null : Number(value));

/** What a source may take in a month. */
export const LimitFields = ({ limits, onChange }: { limits: Limits; onChange(limits: Limits): void }) => (
	<div className={scheduleClasses.fields}>
		<NumberInput
			label="Most items in a month"
			description="Left empty: as many as there are."
			min={1}
			allowDecimal={false}
			thousandSeparator=","
			value={limits.mostItemsPerMonth ?? ''}
			onChange={(value) => onChange({ ...limits, mostItemsPerMonth: orNull(value) })}
		/>
		<NumberInput
			label="Price of an item"
			description="0: it costs nothing."
			min={0}
			decimalScale={6}
			value={limits.pricePerItem}
			error={limitsFault(limits)}
			onChange={(value) => onChange({ ...limits, pricePerItem: Number(value) })}
		/>
		<NumberInput
			label="Most money in a month"
			description="In your currency. Left empty: any amount."
			min={0}
			decimalScale={2}
			value={limits.mostSpendPerMonth ?? ''}
			onChange={(value) => onChange({ ...limits, mostSpendPerMonth: orNull(value) })}
		/>
	</div>
);
