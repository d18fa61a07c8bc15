import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';

/** Narrows a list down; `/` leads here from anywhere. */
export const FilterBox = (props: { label: string; value: string; onChange(value: string): void }) => (
	<TextInput
		data-filter-box
		aria-label={props.label}
		placeholder={props.label}
		value={props.value}
		onChange={(event) => props.onChange(event.currentTarget.value)}
		onKeyDown={(event) => {
			if (event.key === 'Escape') props.onChange('');
		}}
		leftSection={<Icon name="search" size={16} />}
		rightSection={
			props.value === '' ? (
				<Kbd size="xs">/</Kbd>
			) : (
				<CloseButton size="sm" aria-label="Clear the filter" onClick={() => props.onChange('')} />
			)
		}
	/>
);
