import { TextInput } from '@mantine/core';
import { type Policy, PolicyFields } from '../schedules/policy-fields.tsx';
import { Preview } from '../schedules/preview.tsx';
import type { RuleDraft } from '../schedules/rule-draft.ts';
import { TimesFields } from '../schedules/times-fields.tsx';
import classes from './process.module.css';
import type { RecipeThere } from './same-recipe.ts';

interface ScheduleFieldsProps {
	name: string;
	rule: RuleDraft;
	policy: Policy;
	/** Whether a recipe of that name is there, if it runs one. */
	there: RecipeThere | undefined;
	ofRecipe: boolean;
	tried: boolean;
	onName(name: string): void;
	onRule(rule: RuleDraft): void;
	onPolicy(policy: Policy): void;
}

const nameHelp = ({ ofRecipe, there }: ScheduleFieldsProps): string | undefined => {
	if (!ofRecipe) return undefined;
	return there === 'same'
		? 'There is a recipe of that name which does the same; it is used.'
		: 'The recipe keeps what is done.';
};

const nameFault = ({ there, tried, name }: ScheduleFieldsProps): string | null => {
	if (there === 'other') return 'Another recipe has that name and does something else. Choose another name.';
	return tried && name.trim() === '' ? 'Give it a name' : null;
};

/** Asks for the schedule’s name and times, and shows when it runs next. */
export const ScheduleFields = (props: ScheduleFieldsProps) => (
	<>
		<TextInput
			label={props.ofRecipe ? 'Name of the schedule and its recipe' : 'Name of the schedule'}
			description={nameHelp(props)}
			maxLength={100}
			autoComplete="off"
			value={props.name}
			error={nameFault(props)}
			onChange={(event) => props.onName(event.currentTarget.value)}
		/>
		<TimesFields rule={props.rule} onChange={props.onRule} />
		<Preview rule={props.rule} />
		<details className={classes.equivalents}>
			<summary>When something goes wrong</summary>
			<div className={classes.inner}>
				<PolicyFields policy={props.policy} onChange={props.onPolicy} />
			</div>
		</details>
	</>
);
