import { useState } from 'react';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { idOfPerson } from '../people/look-up-people.ts';
import { WordField } from './word-field.tsx';
import { words } from './words.ts';

/** Whose tasks: a name, which administrators may look up, or an id. */
export const OwnerField = ({ name, className }: { name: string | null; className: string }) => {
	const [owner, setOwner] = useSearchParam('owner');
	const [error, setError] = useState<string | null>(null);
	const change = async (text: string): Promise<void> => {
		setError(null);
		if (text === '' || idSchema('user').safeParse(text).success) return setOwner(text);
		try {
			const id = await idOfPerson(text);
			if (id === null) setError(words.noSuchUser(text));
			else setOwner(id);
		} catch (failure) {
			setError(errorText(failure));
		}
	};
	const shown = owner === '' ? '' : (name ?? owner);
	return (
		<WordField
			key={shown}
			label={words.owner}
			value={shown}
			error={error}
			className={className}
			onChange={(text) => void change(text)}
		/>
	);
};
