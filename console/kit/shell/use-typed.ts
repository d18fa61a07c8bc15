import { useEffect, useRef, useState } from 'react';

/**
 * What is typed into a field whose value is in the address: shown at once and from here, as the address follows a moment
 * later, and letters typed meanwhile must not get lost. While nobody types, the address has the say.
 */
export const useTyped = (value: string, change: (value: string) => void) => {
	const [text, setText] = useState(value);
	const isTyping = useRef(false);
	useEffect(() => {
		if (!isTyping.current) setText(value);
	}, [value]);
	return {
		value: text,
		onFocus(): void {
			isTyping.current = true;
		},
		onBlur(): void {
			isTyping.current = false;
		},
		type(next: string): void {
			setText(next);
			change(next);
		},
	};
};
