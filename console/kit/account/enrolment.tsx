import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { beginSecondFactor, confirmSecondFactor } from '../../../shared/client/second-factor.ts';
import { CopyButton } from '../copy-button.tsx';
import { http } from '../remote/api.ts';
import { errorText } from '../remote/error-text.ts';
import classes from './account.module.css';
import { words } from './account-words.ts';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Sets a second factor up: a picture to scan, a code as proof, and the recovery codes. */
export const Enrolment = ({ lead, onDone }: { lead?: string; onDone(): void }) => {
	const begin = useMutation({ mutationFn: () => beginSecondFactor(http) });
	const [codes, setCodes] = useState<readonly string[] | null>(null);
	if (codes !== null) return <RecoveryCodes codes={codes} onDone={onDone} />;
	if (begin.data) return <Proof begun={begin.data} onProved={setCodes} onCancel={begin.reset} />;
	return (
		<Stack gap="sm" align="flex-start">
			{lead && <p className={classes.step}>{lead}</p>}
			{begin.isError && <Fault error={begin.error} />}
			<Button loading={begin.isPending} onClick={() => begin.mutate()}>
				{words.setUp}
			</Button>
		</Stack>
	);
};

const Fault = ({ error }: { error: unknown }) => (
	<p className={classes.error} role="alert">
		{errorText(error)}
	</p>
);

interface ProofProps {
	begun: { secret: string; uri: string };
	onProved(codes: readonly string[]): void;
	onCancel(): void;
}

const Proof = ({ begun, onProved, onCancel }: ProofProps) => {
	const [code, setCode] = useState('');
	const confirm = useMutation({
		mutationFn: () => confirmSecondFactor(http, code),
		onSuccess: ({ recoveryCodes }) => onProved(recoveryCodes),
		onError: () => setCode(''),
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				confirm.mutate();
			}}
		>
			<Stack gap="md">
				<p className={classes.step}>{words.scan}</p>
				<QrCode text={begun.uri} label={words.picture} />
				<div>
					<p className={classes.step}>{words.bySecret}</p>
					<div className={classes.secret}>
						<code>{begun.secret.match(/.{1,4}/g)?.join(' ')}</code>
						<CopyButton text={begun.secret} what={words.secret} />
					</div>
				</div>
				<TextInput
					label={words.code}
					description={words.sixDigits}
					inputMode="numeric"
					autoComplete="one-time-code"
					required
					withAsterisk={false}
					autoFocus
					maw={260}
					value={code}
					onChange={(event) => setCode(event.currentTarget.value)}
				/>
				{confirm.isError && <Fault error={confirm.error} />}
				<Group gap="sm">
					<Button type="submit" loading={confirm.isPending}>
						{words.turnOn}
					</Button>
					<Button variant="default" onClick={onCancel}>
						{words.cancel}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
