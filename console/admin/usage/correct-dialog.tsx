import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '../../../shared/client/http-client.ts';
import { correctUsage } from '../../../shared/client/usage.ts';
import { moneyInWords } from '../../../shared/money-words.ts';
import { readMoney } from '../../../shared/read-money.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { costWords } from '../../kit/money.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { quoteForShell } from '../../kit/quote-for-shell.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useCurrency } from '../accounting/use-choices.ts';
import { PersonSelect } from '../people/person-select.tsx';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

interface CorrectDialogProps {
	/** Whose usage is looked at. */
	owner: string | null;
	opened: boolean;
	onClose(): void;
}

/** Adds to what somebody owes, or takes away from it. */
export const CorrectDialog = ({ owner, opened, onClose }: CorrectDialogProps) => (
	<Modal opened={opened} onClose={onClose} title={words.correctTitle}>
		{opened && <CorrectForm owner={owner} onClose={onClose} />}
	</Modal>
);

const CorrectForm = ({ owner: first, onClose }: Omit<CorrectDialogProps, 'opened'>) => {
	const [owner, setOwner] = useState(first);
	const [amount, setAmount] = useState('');
	const [reason, setReason] = useState('');
	// One a dialog: sent again after a lost answer, it is not done again.
	const [key] = useState(newIdempotencyKey);
	const currency = useCurrency();
	const micro = readMoney(amount);
	const add = useMutation({
		mutationFn: () => correctUsage(http, { owner: owner ?? '', amountMicro: micro ?? 0, reason: reason.trim() }, key),
		onSuccess: ({ record, monthMicro }) => {
			notifyDone(words.corrected(record, costWords(monthMicro, currency)));
			onClose();
		},
		onSettled: () => queryClient.invalidateQueries({ queryKey: keys.usage }),
	});
	const isReady = owner !== null && micro !== null && micro !== 0 && reason.trim() !== '';
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (isReady) add.mutate();
			}}
		>
			<Stack>
				<Text size="sm" c="dimmed">
					{words.correctLead}
				</Text>
				<PersonSelect value={owner} onChange={setOwner} required />
				<TextInput
					label={words.amount}
					description={words.amountHint(currency ?? 'EUR')}
					required
					withAsterisk={false}
					inputMode="decimal"
					autoComplete="off"
					value={amount}
					error={amount.trim() !== '' && amount.trim() !== '-' && micro === null ? words.amountFault : null}
					onChange={(event) => setAmount(event.currentTarget.value)}
				/>
				<Textarea
					label={words.reason}
					required
					withAsterisk={false}
					maxLength={500}
					autosize
					minRows={2}
					value={reason}
					onChange={(event) => setReason(event.currentTarget.value)}
				/>
				{add.isError && (
					<Text c="var(--mantine-color-error)" size="sm" role="alert">
						{errorText(add.error)}
					</Text>
				)}
				<Group justify="flex-end" gap="sm">
					{isReady && (
						<CopyButton
							text={`millrace admin usage correct ${owner} ${moneyInWords(micro)} --reason ${quoteForShell(reason.trim())} --key ${key}`}
							what={words.asCommand}
						/>
					)}
					<Button variant="default" onClick={onClose}>
						{words.cancel}
					</Button>
					<Button type="submit" disabled={!isReady} loading={add.isPending}>
						{words.add}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
