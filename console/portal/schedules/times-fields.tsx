import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useId } from 'react';
import { isUnit, RULE_KINDS, type RuleDraft, type RuleKind, UNITS } from './rule-draft.ts';
import classes from './schedules.module.css';

const KIND_WORDS: Record<RuleKind, string> = {
	daily: 'Every day',
	weekly: 'On days of the week',
	monthly: 'On a day of the month',
	interval: 'At intervals',
	cron: 'By a cron pattern',
};
/** The week begins on Monday. */
const DAYS = [
	{ day: 1, word: 'Monday' },
	{ day: 2, word: 'Tuesday' },
	{ day: 3, word: 'Wednesday' },
	{ day: 4, word: 'Thursday' },
	{ day: 5, word: 'Friday' },
	{ day: 6, word: 'Saturday' },
	{ day: 0, word: 'Sunday' },
];
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

interface TimesFieldsProps {
	rule: RuleDraft;
	/** Those that may be chosen; default: all. */
	kinds?: readonly RuleKind[];
	onChange(rule: RuleDraft): void;
}

/** Asks when it is to run. */
export const TimesFields = ({ rule, kinds = RULE_KINDS, onChange }: TimesFieldsProps) => {
	const zones = useId();
	const set = (parts: Partial<RuleDraft>) => onChange({ ...rule, ...parts });
	const isTimed = rule.kind === 'daily' || rule.kind === 'weekly' || rule.kind === 'monthly';
	return (
		<div className={classes.fields}>
			<NativeSelect
				label="How often"
				data={kinds.map((value) => ({ value, label: KIND_WORDS[value] }))}
				value={rule.kind}
				onChange={(event) => {
					const { value } = event.currentTarget;
					set({ kind: kinds.find((kind) => kind === value) ?? 'daily' });
				}}
			/>
			{rule.kind === 'monthly' && (
				<NumberInput
					label="Day of the month"
					description="Months without that day are left out."
					min={1}
					max={31}
					allowDecimal={false}
					value={rule.dayOfMonth}
					onChange={(value) => set({ dayOfMonth: value === '' ? Number.NaN : Number(value) })}
				/>
			)}
			{isTimed && (
				<TextInput
					type="time"
					label="At"
					required
					withAsterisk={false}
					value={rule.time}
					onChange={(event) => set({ time: event.currentTarget.value })}
				/>
			)}
			{rule.kind === 'interval' && (
				<>
					<NumberInput
						label="Every"
						min={1}
						allowDecimal={false}
						value={Number.isNaN(rule.every) ? '' : rule.every}
						onChange={(value) => set({ every: value === '' ? Number.NaN : Number(value) })}
					/>
					<NativeSelect
						label="Unit"
						data={UNITS}
						value={rule.unit}
						onChange={(event) => {
							const { value } = event.currentTarget;
							if (isUnit(value)) set({ unit: value });
						}}
					/>
				</>
			)}
			{rule.kind === 'cron' && (
				<TextInput
					label="Pattern"
					description="Minute, hour, day of the month, month, day of the week."
					autoComplete="off"
					spellCheck={false}
					value={rule.cron}
					onChange={(event) => set({ cron: event.currentTarget.value })}
				/>
			)}
			{rule.kind !== 'interval' && (
				<TextInput
					label="Time zone"
					list={zones}
					autoComplete="off"
					spellCheck={false}
					value={rule.timeZone}
					onChange={(event) => set({ timeZone: event.currentTarget.value })}
				/>
			)}
			<datalist id={zones}>
				{ZONES.map((zone) => (
					<option key={zone} value={zone} />
				))}
			</datalist>
			{rule.kind === 'weekly' && (
				<Checkbox.Group
					className={classes.days!}
					label="Days"
					value={rule.days.map(String)}
					onChange={(days) => set({ days: days.map(Number) })}
				>
					<div className={classes.dayList}>
						{DAYS.map(({ day, word }) => (
							<Checkbox key={day} value={String(day)} label={word} />
						))}
					</div>
				</Checkbox.Group>
			)}
		</div>
	);
};
