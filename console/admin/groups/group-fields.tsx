import { NativeSelect, TextInput } from '@mantine/core';
import { STANDARD_CLASS } from '../../../shared/protocol/service-class.ts';
import { useClasses } from '../classes/use-classes.ts';
import { words } from './words.ts';

/** What is said of a group; empty: none. */
export interface GroupDraft {
	name: string;
	parent: string;
	serviceClass: string;
}

interface FieldsProps {
	draft: GroupDraft;
	onChange(draft: GroupDraft): void;
	/** Groups in which it may lie. */
	parents: readonly { id: string; name: string }[];
	fault?: string | undefined;
	isReadOnly?: boolean;
}

/** Name, the group that it lies in, and the class that it gives. */
export const GroupFields = ({ draft, onChange, parents, fault, isReadOnly = false }: FieldsProps) => {
	const names = useClasses().data?.items.map(({ name }) => name) ?? [STANDARD_CLASS];
	const shown =
		draft.serviceClass !== '' && !names.includes(draft.serviceClass) ? [...names, draft.serviceClass] : names;
	return (
		<>
			<TextInput
				label={words.name}
				description={words.nameHelp}
				error={fault}
				withAsterisk
				data-autofocus
				readOnly={isReadOnly}
				value={draft.name}
				maxLength={63}
				autoComplete="off"
				onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
			/>
			<NativeSelect
				label={words.within}
				description={words.withinHelp}
				disabled={isReadOnly}
				value={draft.parent}
				onChange={(event) => onChange({ ...draft, parent: event.currentTarget.value })}
				data={[{ value: '', label: words.inNone }, ...parents.map(({ id, name }) => ({ value: id, label: name }))]}
			/>
			<NativeSelect
				label={words.serviceClass}
				description={words.classHelp}
				disabled={isReadOnly}
				value={draft.serviceClass}
				onChange={(event) => onChange({ ...draft, serviceClass: event.currentTarget.value })}
				data={[{ value: '', label: words.noClass }, ...shown.map((name) => ({ value: name, label: name }))]}
			/>
		</>
	);
};
