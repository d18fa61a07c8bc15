import { NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listClassChoices } from '../../../shared/client/service-classes.ts';
import type { TriggerDraft } from '../../../shared/protocol/trigger.ts';
import formClasses from '../../kit/form/form.module.css';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

export type TriggerMore = Pick<TriggerDraft, 'serviceClass' | 'routingKey'> & {
	/** As it is written: a name a line. */
	ignore: string;
};

interface TriggerMoreFieldsProps {
	more: TriggerMore;
	faultAt(field: keyof TriggerMore): string | null;
	onChange(more: TriggerMore): void;
}

/** What of a trigger is seldom changed. */
export const TriggerMoreFields = ({ more, faultAt, onChange }: TriggerMoreFieldsProps) => {
	const { serviceClass, routingKey, ignore } = more;
	const [isOpen, setOpen] = useState(false);
	const choices = useQuery({
		queryKey: keys.classChoices,
		queryFn: ({ signal }) => listClassChoices(http, { signal }),
		staleTime: 60_000,
	});
	const names = choices.data?.items.map(({ name }) => name) ?? [];
	// One that may not be chosen any more is still what it is.
	if (serviceClass !== null && !names.includes(serviceClass)) names.push(serviceClass);
	const faults = (['serviceClass', 'routingKey', 'ignore'] as const).some((field) => faultAt(field) !== null);
	return (
		<details
			className={formClasses.more}
			open={isOpen || faults}
			onToggle={(event) => setOpen(event.currentTarget.open)}
		>
			<summary>More settings</summary>
			<Stack mt="md">
				<NativeSelect
					label="Service class"
					description="Instead of what the steps say, or your own."
					data={[{ value: '', label: 'As the steps say' }, ...names]}
					value={serviceClass ?? ''}
					error={faultAt('serviceClass')}
					onChange={(event) => onChange({ ...more, serviceClass: event.currentTarget.value || null })}
				/>
				<TextInput
					label="Routing key"
					description="Which queue takes the tasks, such as priority.photos. Left empty: as the steps say."
					autoComplete="off"
					spellCheck={false}
					value={routingKey ?? ''}
					error={faultAt('routingKey')}
					onChange={(event) => onChange({ ...more, routingKey: event.currentTarget.value.trim() || null })}
				/>
				<Textarea
					label="Names that are left alone"
					description="One a line; * stands for anything."
					autosize
					minRows={2}
					maxRows={10}
					spellCheck={false}
					value={ignore}
					error={faultAt('ignore')}
					onChange={(event) => onChange({ ...more, ignore: event.currentTarget.value })}
				/>
			</Stack>
		</details>
	);
};

/** As the server takes them. */
export const ignoredNames = (text: string): string[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
