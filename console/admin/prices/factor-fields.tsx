import { CloseButton, Group, NativeSelect, TextInput } from '@mantine/core';
import page from '../../kit/shell/page.module.css';
import { useClassNames } from '../accounting/use-choices.ts';
import { isFactor, type PriceDraft } from './new-prices.ts';
import { words } from './words.ts';

type Factors = PriceDraft['factors'];

/** What classes pay for the same. */
export const FactorFields = ({ factors, onChange }: { factors: Factors; onChange(factors: Factors): void }) => {
	const classNames = useClassNames();
	const left = classNames.filter((name) => !factors.some(({ serviceClass }) => serviceClass === name));
	return (
		<section className={page.card}>
			<h2>{words.factors}</h2>
			<p className={page.quiet}>{words.factorsHint}</p>
			{factors.map(({ serviceClass, factor }) => (
				<Group key={serviceClass} align="end" gap="xs" mt="xs" wrap="nowrap">
					<TextInput
						label={words.factorOf(serviceClass)}
						inputMode="decimal"
						value={factor}
						error={isFactor(factor) ? null : words.factorFault}
						onChange={({ currentTarget: { value } }) =>
							onChange(
								factors.map((one) => (one.serviceClass === serviceClass ? { serviceClass, factor: value } : one)),
							)
						}
					/>
					<CloseButton
						aria-label={words.removeFactor(serviceClass)}
						onClick={() => onChange(factors.filter((one) => one.serviceClass !== serviceClass))}
					/>
				</Group>
			))}
			{left.length > 0 && (
				<NativeSelect
					mt="sm"
					label={words.addFactor}
					value=""
					onChange={({ currentTarget: { value } }) => {
						if (value !== '') onChange([...factors, { serviceClass: value, factor: '1' }]);
					}}
					data={[{ value: '', label: words.chooseClass }, ...left.map((name) => ({ value: name, label: name }))]}
				/>
			)}
		</section>
	);
};
