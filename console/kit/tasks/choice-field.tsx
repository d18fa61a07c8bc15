import { NativeSelect } from '@mantine/core';
import { useSearchParam } from '../shell/use-search-param.ts';
import type { FilterField } from './task-filter.ts';

type Choice = { value: string; label: string };

interface ChoiceFieldProps {
	field: FilterField;
	label: string;
	choices: readonly Choice[];
	className: string;
	/** The label is read out only: what is chosen says enough to who sees it. */
	isBare?: boolean;
}

/** One value of the filter in the address, out of some; one that is not among them can still be there. */
export const ChoiceField = ({ field, label, choices, className, isBare = false }: ChoiceFieldProps) => {
	const [value, setValue] = useSearchParam(field);
	const isKnown = choices.some((choice) => choice.value === value);
	return (
		<NativeSelect
			className={className}
			{...(isBare ? { 'aria-label': label } : { label, size: 'xs' })}
			data={isKnown ? [...choices] : [...choices, { value, label: value }]}
			value={value}
			onChange={(event) => setValue(event.currentTarget.value)}
		/>
	);
};

/** Names to choose from, or none of them. */
export const choicesOf = (any: string, names: readonly string[]): Choice[] => [
	{ value: '', label: any },
	...names.map((name) => ({ value: name, label: name })),
];
