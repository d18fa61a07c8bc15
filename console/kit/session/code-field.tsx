import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';

interface CodeFieldProps {
	value: string;
	onChange(code: string): void;
}

/** The code of the app, or a recovery code for who has lost it. */
export const CodeField = ({ value, onChange }: CodeFieldProps) => {
	const [byRecovery, setByRecovery] = useState(false);
	return (
		<div>
			<TextInput
				key={byRecovery ? 'recovery' : 'code'}
				label={byRecovery ? 'Recovery code' : 'Code'}
				description={byRecovery ? 'One of those that you kept; each is good once.' : 'Your authenticator app shows it.'}
				name={byRecovery ? 'recovery-code' : 'code'}
				inputMode={byRecovery ? 'text' : 'numeric'}
				autoComplete={byRecovery ? 'off' : 'one-time-code'}
				autoCapitalize="none"
				spellCheck={false}
				required
				withAsterisk={false}
				autoFocus
				size="md"
				value={value}
				onChange={(event) => onChange(event.currentTarget.value)}
			/>
			<Button
				variant="subtle"
				size="compact-sm"
				mt={8}
				onClick={() => {
					onChange('');
					setByRecovery(!byRecovery);
				}}
			>
				{byRecovery ? 'Use a code of the app' : 'Use a recovery code'}
			</Button>
		</div>
	);
};
