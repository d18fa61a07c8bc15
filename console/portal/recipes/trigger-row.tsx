import { Button, Modal, Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { changeTrigger, deleteTrigger } from '../../../shared/client/triggers.ts';
import type { TriggerView } from '../../../shared/protocol/trigger.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import classes from '../../kit/shell/page.module.css';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import { ApplyForm } from './apply-form.tsx';
import { FiringList } from './firing-list.tsx';
import { kindsInWords, triggerSentence } from './recipe-words.ts';
import recipeClasses from './recipes.module.css';
import { draftOf, TriggerForm } from './trigger-form.tsx';

type Dialog = 'change' | 'run' | 'delete' | null;

/** One trigger: when it starts the recipe, whether it does, and what it has started. */
export const TriggerRow = ({ trigger }: { trigger: TriggerView }) => {
	const [dialog, setDialog] = useState<Dialog>(null);
	const [told, tell] = useDisclosure(false);
	const close = () => setDialog(null);
	const sentence = triggerSentence(trigger);
	const enable = useAct<boolean>({
		act: (enabled) => changeTrigger(http, trigger.id, { ...draftOf(trigger), enabled }, trigger.version),
		key: keys.recipes,
		failed: 'The trigger was not changed',
	});
	const remove = useAct({
		act: () => deleteTrigger(http, trigger.id),
		key: keys.recipes,
		done: 'The trigger is deleted',
		failed: 'The trigger was not deleted',
	});
	const button = (word: string, onClick: () => void) => (
		<Button variant="default" size="xs" onClick={onClick}>
			{word}
			<span className="millrace-off-screen">: {sentence}</span>
		</Button>
	);
	return (
		<div className={recipeClasses.trigger}>
			<div className={recipeClasses.triggerHead}>
				<div className={recipeClasses.step}>
					<strong>{sentence}</strong>
					<span className={classes.quiet}>
						{kindsInWords(trigger.mediaTypes)}
						{trigger.includeResults && ', also what tasks put out'}
						{trigger.serviceClass !== null && ` · class ${trigger.serviceClass}`} ·{' '}
						{trigger.lastFiredAt === null ? (
							'has started nothing yet'
						) : (
							<>
								started last <RelativeTime at={trigger.lastFiredAt} />
							</>
						)}
					</span>
				</div>
				<Switch
					checked={enable.isPending ? enable.variables : trigger.enabled}
					disabled={enable.isPending}
					label={(enable.isPending ? enable.variables : trigger.enabled) ? 'On' : 'Off'}
					aria-label={`${sentence}: on`}
					onChange={(event) => enable.mutate(event.currentTarget.checked)}
				/>
			</div>
			<div className={recipeClasses.rowActs}>
				{button('Change', () => setDialog('change'))}
				{button('What is there now…', () => setDialog('run'))}
				<Button variant="default" size="xs" aria-expanded={told} onClick={tell.toggle}>
					What it started<span className="millrace-off-screen">: {sentence}</span>
				</Button>
				{button('Delete…', () => setDialog('delete'))}
			</div>
			{told && <FiringList trigger={trigger.id} />}
			<Modal opened={dialog === 'change'} onClose={close} title="Change the trigger" size="lg">
				<TriggerForm recipe={trigger.recipe} trigger={trigger} onClose={close} />
			</Modal>
			<Modal opened={dialog === 'run'} onClose={close} title="Process what is there now" size="lg">
				<ApplyForm trigger={trigger.id} onClose={close} />
			</Modal>
			<ConfirmDialog
				opened={dialog === 'delete'}
				title="Delete the trigger?"
				act="Delete the trigger"
				busy={remove.isPending}
				onClose={close}
				onConfirm={() => remove.mutate(undefined, { onSettled: close })}
			>
				{sentence}, nothing is started any more. To stop it for a while, switch it off instead.
			</ConfirmDialog>
		</div>
	);
};
