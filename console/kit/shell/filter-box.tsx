import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../icons.tsx';

/**
 * Narrows a list down; `/` leads here from anywhere. What is typed is shown at once and from here: the address, which
 * has the filter, follows a moment later, and letters typed meanwhile must not get lost.
 */
export const FilterBox = (props: { label: string; value: string; onChange(value: string): void }) => {
	const input = useRef<HTMLInputElement>(null);
	const [text, setText] = useState(props.value);
	useEffect(() => {
		if (document.activeElement !== input.current) setText(props.value);
	}, [props.value]);
	const change = (value: string): void => {
		setText(value);
		props.onChange(value);
	};
	return (
		<TextInput
			ref={input}
			data-filter-box
			aria-label={props.label}
			placeholder={props.label}
			value={text}
			onChange={(event) => change(event.currentTarget.value)}
			onKeyDown={(event) => {
				if (event.key === 'Escape') change('');
			}}
			leftSection={<Icon name="search" size={16} />}
			rightSection={
				text === '' ? (
					<Kbd size="xs" className="millrace-key-hint">
						/
					</Kbd>
				) : (
					<CloseButton size="sm" aria-label="Clear the filter" onClick={() => change('')} />
				)
			}
		/>
	);
};
