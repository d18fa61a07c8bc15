import { Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { listClassChoices } from '../../../shared/client/service-classes.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { keys } from '../remote/keys.ts';
import classes from './process.module.css';
import { useLately } from './use-lately.ts';
import { waitWords } from './wait-words.ts';

interface ClassChoiceProps {
	type: string;
	/** Null: the own one. */
	chosen: string | null;
	onChoose(serviceClass: string | null): void;
}

/** How soon it is to start: the own class, or one that takes what others leave. */
export const ClassChoice = memo(({ type, chosen, onChoose }: ClassChoiceProps) => {
	const choices = useQuery({
		queryKey: keys.classChoices,
		queryFn: ({ signal }) => listClassChoices(http, { signal }),
		staleTime: 60_000,
	});
	const lately = useLately(type);
	if (choices.isError) return <p className={classes.note}>The classes cannot be read: {errorText(choices.error)}</p>;
	const items = choices.data?.items ?? [];
	const own = items.find((one) => one.own);
	return (
		<Radio.Group
			label="Service class"
			description="Each class has its share of the machines."
			value={chosen ?? own?.name ?? ''}
			onChange={(name) => onChoose(name === own?.name ? null : name)}
		>
			<Stack gap={12} mt={12}>
				{items.map((one) => (
					<Radio
						key={one.name}
						value={one.name}
						label={one.own ? `${one.name} (yours)` : one.name}
						description={[
							one.idleOnly && 'Starts only when nobody else needs the machines.',
							one.description !== '' && `${one.description.replace(/[.]$/, '')}.`,
							lately.data && waitWords(lately.data.items, one),
						]
							.filter(Boolean)
							.join(' ')}
					/>
				))}
			</Stack>
		</Radio.Group>
	);
});
