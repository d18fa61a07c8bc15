import { type FormEvent, useState } from 'react';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import classes from './tasks.module.css';

/** The queue's name, taken when typing is done: each half-typed name would be a list of its own. */
export const QueueFilter = ({ queue, onChange }: { queue: string; onChange(queue: string): void }) => {
	const [text, setText] = useState(queue);
	const take = (event: FormEvent) => {
		event.preventDefault();
		onChange(text.trim());
	};
	return (
		<form className={classes.queue} onSubmit={take} onBlur={() => text.trim() !== queue && onChange(text.trim())}>
			<FilterBox
				label="Queue"
				value={text}
				onChange={(value) => {
					setText(value);
					if (value === '' && queue !== '') onChange('');
				}}
			/>
		</form>
	);
};
