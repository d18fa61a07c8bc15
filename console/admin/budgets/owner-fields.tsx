import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { BUDGET_KINDS, type BudgetKind, type BudgetOwner } from '../../../shared/protocol/budget.ts';
import { useClassNames, useGroups } from '../accounting/use-choices.ts';
import { PersonSelect } from '../people/person-select.tsx';
import { words } from './words.ts';

/** For whom a budget is to be. */
export const OwnerFields = ({ onChange }: { onChange(owner: BudgetOwner | null): void }) => {
	const [kind, setKind] = useState<BudgetKind>('person');
	const [chosen, setChosen] = useState('');
	const groups = useGroups();
	const classNames = useClassNames();
	const choose = (value: string): void => {
		setChosen(value);
		onChange(value === '' ? null : { [kind]: value });
	};
	return (
		<>
			<SegmentedControl
				aria-label={words.kind}
				value={kind}
				onChange={(value) => {
					setKind(value);
					setChosen('');
					onChange(null);
				}}
				data={BUDGET_KINDS.map((one) => ({ value: one, label: words[one] }))}
			/>
			{kind === 'person' ? (
				<PersonSelect value={chosen === '' ? null : chosen} onChange={(id) => choose(id ?? '')} />
			) : (
				<NativeSelect
					label={kind === 'group' ? words.chooseGroup : words.chooseClass}
					value={chosen}
					onChange={(event) => choose(event.currentTarget.value)}
					data={[
						{ value: '', label: words.choose },
						...(kind === 'group'
							? groups.map(({ id, name }) => ({ value: id, label: name }))
							: classNames.map((name) => ({ value: name, label: name }))),
					]}
				/>
			)}
		</>
	);
};
