import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { setPrices } from '../../../shared/client/usage.ts';
import { PRICED, type PriceVersion } from '../../../shared/protocol/price-book.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import page from '../../kit/shell/page.module.css';
import classes from '../accounting/accounting.module.css';
import { keys } from '../remote/keys.ts';
import { EffectCard } from './effect-card.tsx';
import { FactorFields } from './factor-fields.tsx';
import { draftOf, isAmount, newPricesOf, type PriceDraft, pricesOf } from './new-prices.ts';
import { PRICED_WORDS, words } from './words.ts';

/** The prices that are to count, to be changed from those that do. */
export const NewPricesForm = ({ current }: { current: PriceVersion | null }) => {
	const navigate = useNavigate();
	const [draft, setDraft] = useState<PriceDraft>(() => draftOf(current));
	const change = (some: Partial<PriceDraft>) => setDraft((before) => ({ ...before, ...some }));
	const wish = newPricesOf(draft);
	const save = useMutation({
		mutationFn: async () => {
			if (wish === null) throw new Error(words.notSaved);
			return setPrices(http, wish);
		},
		onSuccess: async ({ version }) => {
			notifyDone(words.saved(version));
			await queryClient.invalidateQueries({ queryKey: keys.prices });
			await navigate(`/prices?version=${version}`);
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (wish !== null) save.mutate();
			}}
		>
			<p className={page.lead}>{words.newLead}</p>
			<div className={page.columns}>
				<div className={page.main}>
					<div className={page.card}>
						<div className={classes.pairs}>
							{PRICED.map((priced) => (
								<TextInput
									key={priced}
									label={PRICED_WORDS[priced]}
									inputMode="decimal"
									autoComplete="off"
									placeholder={words.free}
									value={draft.prices[priced]}
									error={isAmount(draft.prices[priced]) ? null : words.amountFault}
									onChange={({ currentTarget: { value } }) => change({ prices: { ...draft.prices, [priced]: value } })}
								/>
							))}
						</div>
					</div>
					<FactorFields factors={draft.factors} onChange={(factors) => change({ factors })} />
					<EffectCard current={current} draft={pricesOf(draft)} currency={draft.currency} />
				</div>
				<div className={page.side}>
					<div className={page.card}>
						<Stack gap="sm">
							<TextInput
								type="datetime-local"
								label={words.fromLabel}
								description={words.fromHint}
								value={draft.from}
								onChange={(event) => change({ from: event.currentTarget.value })}
							/>
							<TextInput
								label={words.currency}
								description={words.currencyHint}
								maxLength={3}
								autoCapitalize="characters"
								value={draft.currency}
								error={/^[A-Z]{3}$/.test(draft.currency) ? null : words.currencyHint}
								onChange={(event) => change({ currency: event.currentTarget.value.toUpperCase() })}
							/>
							<TextInput
								label={words.note}
								description={words.noteHint}
								maxLength={500}
								value={draft.note}
								onChange={(event) => change({ note: event.currentTarget.value })}
							/>
							{save.isError && (
								<Text c="var(--mantine-color-error)" size="sm" role="alert">
									{errorText(save.error)}
								</Text>
							)}
							<Group justify="flex-end" gap="sm">
								<Button component={Link} to="/prices" variant="default">
									{words.cancel}
								</Button>
								<Button type="submit" disabled={wish === null} loading={save.isPending}>
									{words.save}
								</Button>
							</Group>
						</Stack>
					</div>
				</div>
			</div>
		</form>
	);
};
