import { Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { AUDIT_ACTIONS } from '../../../shared/protocol/audit-actions.ts';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import { useTyped } from '../../kit/shell/use-typed.ts';
import classes from './audit.module.css';
import { type AuditFilter, isFiltered } from './filter.ts';
import { words } from './words.ts';

/** Kinds of entries, and all of a noun at once. */
const ACTIONS = [...new Set(AUDIT_ACTIONS.map((action) => `${action.split('.')[0]}.*`)), ...AUDIT_ACTIONS].sort();
const MOST_SHOWN = 60;

const TIMES = [
	{ value: '', label: words.anyTime },
	{ value: '1h', label: words.lastHour },
	{ value: '24h', label: words.lastDay },
	{ value: '7d', label: words.lastWeek },
	{ value: '30d', label: words.lastMonth },
	{ value: 'between', label: words.between },
];
const OUTCOMES = [
	{ value: '', label: words.anyOutcome },
	{ value: 'done', label: words.done },
	{ value: 'refused', label: words.refused },
];

interface AuditFilterProps {
	filter: AuditFilter;
	onChange(parts: Partial<AuditFilter>): void;
	onClear(): void;
}

/** What is searched for; all of it is in the address. */
export const AuditFilterBar = ({ filter, onChange, onClear }: AuditFilterProps) => {
	const { type: typeWho, ...who } = useTyped(filter.who, (text) => onChange({ who: text }));
	const { type: typeWhat, ...what } = useTyped(filter.what, (text) => onChange({ what: text }));
	const { type: typeObject, ...object } = useTyped(filter.object, (text) => onChange({ object: text }));
	return (
		<search className={classes.filter} aria-label={words.search}>
			<FilterBox label={words.search} value={filter.text} onChange={(text) => onChange({ text })} />
			<TextInput
				{...who}
				aria-label={words.who}
				placeholder={`${words.who}: ${words.whoHint}`}
				onChange={(event) => typeWho(event.currentTarget.value)}
			/>
			<Autocomplete
				aria-label={words.what}
				placeholder={`${words.what}: ${words.whatHint}`}
				data={ACTIONS}
				limit={MOST_SHOWN}
				{...what}
				onChange={typeWhat}
			/>
			<TextInput
				{...object}
				aria-label={words.object}
				placeholder={`${words.object}: ${words.objectHint}`}
				onChange={(event) => typeObject(event.currentTarget.value)}
			/>
			<Select
				aria-label={words.outcome}
				data={OUTCOMES}
				value={filter.outcome}
				allowDeselect={false}
				onChange={(outcome) => onChange({ outcome: outcome ?? '' })}
			/>
			<Select
				aria-label={words.when}
				data={TIMES}
				value={filter.within}
				allowDeselect={false}
				onChange={(within) => onChange({ within: within ?? '', ...(within === 'between' ? {} : { from: '', to: '' }) })}
			/>
			{filter.within === 'between' &&
				(['from', 'to'] as const).map((name) => (
					<TextInput
						key={name}
						type="datetime-local"
						aria-label={words[name]}
						value={filter[name]}
						onChange={(event) => onChange({ [name]: event.currentTarget.value })}
					/>
				))}
			{isFiltered(filter) && (
				<Button variant="subtle" onClick={onClear}>
					{words.clear}
				</Button>
			)}
		</search>
	);
};
