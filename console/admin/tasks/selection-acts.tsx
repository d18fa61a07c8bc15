import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TaskVerb } from '../../../shared/protocol/act.ts';
import { formatCount } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { SelectionBar } from '../../kit/shell/selection-bar.tsx';
import { words as listWords } from '../../kit/tasks/list-words.ts';
import type { TaskFilter } from '../../kit/tasks/task-filter.ts';
import type { ActTarget } from './act-command.ts';
import { SteerDialog } from './steer-dialog.tsx';
import { MOST_NAMED, steerNow } from './steer-now.ts';
import { filterWords } from './task-filter.ts';
import classes from './tasks.module.css';
import { TASK_ACTS, VERBS } from './verbs.ts';
import { words } from './words.ts';

interface SelectionActsProps {
	/** Null: all that fit the filter. */
	chosen: readonly string[] | null;
	filter: TaskFilter;
	onClear(): void;
}

/** What can be done to what is selected: at once where it is on the screen, after counting where it is more than that. */
export const SelectionActs = ({ chosen, filter, onClear }: SelectionActsProps) => {
	const [asking, ask] = useState<TaskVerb | null>(null);
	const isTooMany = chosen !== null && chosen.length > MOST_NAMED;
	const target: ActTarget = chosen === null ? { filter } : { ids: chosen };
	const act = (verb: TaskVerb): void => {
		if (chosen === null || verb === 'move') ask(verb);
		else void steerNow(verb, chosen);
	};
	return (
		<>
			<SelectionBar
				words={chosen === null ? words.allThatFit(filterWords(filter)) : listWords.selected(chosen.length)}
				onClear={onClear}
			>
				{TASK_ACTS.map((verb) => (
					<Button
						key={verb}
						variant="default"
						size="compact-sm"
						className={classes.act!}
						disabled={isTooMany}
						title={isTooMany ? words.tooMany(MOST_NAMED) : undefined}
						leftSection={<Icon name={VERBS[verb].icon} size={15} />}
						onClick={() => act(verb)}
					>
						{VERBS[verb].word}
						{chosen === null || verb === 'move' ? '…' : ` ${formatCount(chosen.length)}`}
					</Button>
				))}
			</SelectionBar>
			<SteerDialog verb={asking} target={target} onClose={() => ask(null)} onBegun={onClear} />
		</>
	);
};
