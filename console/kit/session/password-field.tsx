import { PasswordInput } from '@mantine/core';
import { type ComponentProps, type KeyboardEvent, useState } from 'react';

/** A password; says when caps lock is on. Pasting and password managers work. */
export const PasswordField = (props: ComponentProps<typeof PasswordInput>) => {
	const [capsLock, setCapsLock] = useState(false);
	const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
	return (
		<div>
			<PasswordInput {...props} onKeyDown={look} onKeyUp={look} onBlur={() => setCapsLock(false)} />
			<div role="status" className="millrace-hint">
				{capsLock && 'Caps lock is on'}
			</div>
		</div>
	);
};
