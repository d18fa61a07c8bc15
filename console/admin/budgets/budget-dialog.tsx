import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { budgetOwnerWords } from '../../../shared/budget-words.ts';
import { addBudget, changeBudget, readBudget } from '../../../shared/client/budgets.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { moneyInWords } from '../../../shared/money-words.ts';
import {
	BUDGET_ACTIONS,
	type BudgetAction,
	type BudgetOwner,
	type BudgetView,
} from '../../../shared/protocol/budget.ts';
import { readMoney } from '../../../shared/read-money.ts';
import { costWords } from '../../kit/money.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useCurrency } from '../accounting/use-choices.ts';
import { keys } from '../remote/keys.ts';
import { OwnerFields } from './owner-fields.tsx';
import { ACTION_WORDS, words } from './words.ts';

interface BudgetDialogProps {
	/** The budget to change, or a new one. */
	shown: BudgetView | 'new' | null;
	onClose(): void;
}

/** Sets a budget, or changes one. */
export const BudgetDialog = ({ shown, onClose }: BudgetDialogProps) => (
	<Modal
		opened={shown !== null}
		onClose={onClose}
		title={shown === null || shown === 'new' ? words.dialogNew : words.dialogChange(budgetOwnerWords(shown.owner))}
	>
		{shown !== null && <BudgetForm first={shown === 'new' ? null : shown} onClose={onClose} />}
	</Modal>
);

const TOP_UPS = [10, 50, 100] as const;
const MICRO = 1_000_000;

const BudgetForm = ({ first, onClose }: { first: BudgetView | null; onClose(): void }) => {
	const currency = useCurrency();
	const [there, setThere] = useState(first);
	const [owner, setOwner] = useState<BudgetOwner | null>(null);
	const [amount, setAmount] = useState(first === null ? '' : moneyInWords(first.amountMicro));
	const [warnAt, setWarnAt] = useState(String(first?.warnAtPercent ?? 80));
	const [action, setAction] = useState<BudgetAction>(first?.action ?? 'hold');
	const micro = readMoney(amount);
	const percent = /^\d{1,3}$/.test(warnAt.trim()) ? Number(warnAt) : 0;
	const isReady = (there !== null || owner !== null) && micro !== null && micro >= 0 && percent >= 1 && percent <= 100;
	const save = useMutation({
		mutationFn: () => {
			const settings = { amountMicro: micro ?? 0, warnAtPercent: percent, action };
			if (there !== null) return changeBudget(http, there.id, settings, there.version);
			return addBudget(http, { owner: owner ?? {}, ...settings });
		},
		onSuccess: (budget) => {
			notifyDone(words.saved(budgetOwnerWords(budget.owner)));
			onClose();
		},
		onError: async (error) => {
			// Somebody else was faster: what they set is shown, and counts until one has looked and says so again.
			if (there !== null && error instanceof CodedError && error.code === 'precondition-failed') {
				setThere(await readBudget(http, there.id));
			}
		},
		onSettled: () => queryClient.invalidateQueries({ queryKey: keys.budgets }),
	});
	const isOutdated = save.error instanceof CodedError && save.error.code === 'precondition-failed';
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (isReady) save.mutate();
			}}
		>
			<Stack>
				{first === null && <OwnerFields onChange={setOwner} />}
				<TextInput
					label={words.amount}
					description={words.amountHint(currency ?? 'EUR')}
					required
					withAsterisk={false}
					inputMode="decimal"
					autoComplete="off"
					value={amount}
					error={amount.trim() !== '' && (micro === null || micro < 0) ? words.amountFault : null}
					onChange={(event) => setAmount(event.currentTarget.value)}
				/>
				{first !== null && micro !== null && (
					<Group gap="xs" role="group" aria-label={words.topUp}>
						<Text size="sm">{words.topUp}</Text>
						{TOP_UPS.map((more) => (
							<Button
								key={more}
								size="xs"
								variant="default"
								onClick={() => setAmount(moneyInWords(micro + more * MICRO))}
							>
								{words.topUpBy(`${more} ${currency ?? ''}`.trim())}
							</Button>
						))}
					</Group>
				)}
				<NativeSelect
					label={words.action}
					value={action}
					onChange={({ currentTarget: { value } }) => setAction(BUDGET_ACTIONS.find((one) => one === value) ?? 'hold')}
					data={BUDGET_ACTIONS.map((one) => ({ value: one, label: ACTION_WORDS[one] }))}
				/>
				<TextInput
					label={words.warnAt}
					description={words.warnHint}
					inputMode="numeric"
					value={warnAt}
					error={percent >= 1 && percent <= 100 ? null : words.warnFault}
					onChange={(event) => setWarnAt(event.currentTarget.value)}
				/>
				{save.isError && (
					<Text c="var(--mantine-color-error)" size="sm" role="alert">
						{isOutdated && there !== null
							? words.changedMeanwhile(
									`${costWords(there.amountMicro, currency)}, ${there.warnAtPercent} %, ${ACTION_WORDS[there.action]}`,
								)
							: errorText(save.error)}
					</Text>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						{words.cancel}
					</Button>
					<Button type="submit" disabled={!isReady} loading={save.isPending}>
						{words.save}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
