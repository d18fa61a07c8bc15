import { TextInput } from '@mantine/core';
import { type Policy, PolicyFields } from '../schedules/policy-fields.tsx';
import { Preview } from '../schedules/preview.tsx';
import type { RuleDraft } from '../schedules/rule-draft.ts';
import { TimesFields } from '../schedules/times-fields.tsx';
import classes from './process.module.css';

interface ScheduleFieldsProps {
	name: string;
	rule: RuleDraft;
	policy: Policy;
	tried: boolean;
	onName(name: string): void;
	onRule(rule: RuleDraft): void;
	onPolicy(policy: Policy): void;
}

/** Asks for the schedule’s name and times, and shows when it runs next. */
export const ScheduleFields = (props: ScheduleFieldsProps) => (
	<>
		<TextInput
			label="Name of the schedule"
			maxLength={100}
			autoComplete="off"
			value={props.name}
			error={props.tried && props.name.trim() === '' ? 'Give it a name' : null}
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
