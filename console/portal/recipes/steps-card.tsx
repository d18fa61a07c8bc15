import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { putRecipe } from '../../../shared/client/recipes.ts';
import { MAX_STEPS, type RecipeStep, type RecipeView } from '../../../shared/protocol/recipe.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { filingWords, kindsInWords, stepTitle } from './recipe-words.ts';
import recipeClasses from './recipes.module.css';
import { StepForm } from './step-form.tsx';

/** Stores other steps; refused when the recipe was changed meanwhile. */
const saveSteps = async ({ id, name, description, version }: RecipeView, steps: readonly RecipeStep[]) => {
	const after = await putRecipe(http, id, { name, description, steps: [...steps] }, version);
	queryClient.setQueryData(keys.recipe(id), after);
	await queryClient.invalidateQueries({ queryKey: keys.recipes });
};

/** What the recipe does to each file; steps are added, changed and taken out here. */
export const StepsCard = ({ recipe }: { recipe: RecipeView }) => {
	const types = useTaskTypes().data?.items ?? [];
	/** The place of the step that is being changed; past the last: a new one. */
	const [place, setPlace] = useState<number | null>(null);
	const { steps } = recipe;
	const close = () => setPlace(null);
	const remove = useAct<number>({
		act: (at) => saveSteps(recipe, steps.toSpliced(at, 1)),
		key: keys.recipe(recipe.id),
		done: 'The step is taken out',
		failed: 'The step was not taken out',
	});
	const step = place === null ? undefined : steps[place];
	return (
		<section className={classes.card}>
			<div className={classes.cardHead}>
				<h2>Steps</h2>
				{steps.length < MAX_STEPS && (
					<Button
						variant="default"
						size="sm"
						leftSection={<Icon name="plus" size={16} />}
						onClick={() => setPlace(steps.length)}
					>
						Add a step
					</Button>
				)}
			</div>
			<ol className={recipeClasses.steps}>
				{steps.map((one, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place
					<li key={at}>
						<span className={recipeClasses.number} aria-hidden>
							{at + 1}
						</span>
						<StepWords step={one} types={types} />
						<div className={recipeClasses.rowActs}>
							<Button variant="default" size="xs" onClick={() => setPlace(at)}>
								Change<span className="millrace-off-screen"> the step {stepTitle(one, types)}</span>
							</Button>
							{steps.length > 1 && (
								<Button variant="default" size="xs" disabled={remove.isPending} onClick={() => remove.mutate(at)}>
									Take out<span className="millrace-off-screen"> the step {stepTitle(one, types)}</span>
								</Button>
							)}
						</div>
					</li>
				))}
			</ol>
			<Modal opened={place !== null} onClose={close} title={step ? 'Change the step' : 'Add a step'} size="lg">
				{place !== null && (
					<StepForm
						act={step ? 'Save the step' : 'Add the step'}
						{...(step ? { step } : {})}
						onClose={close}
						onSave={(saved) => saveSteps(recipe, steps.toSpliced(place, step ? 1 : 0, saved))}
					/>
				)}
			</Modal>
		</section>
	);
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const StepWords = ({ step, types }: { step: RecipeStep; types: readonly Manifest[] }) => {
	const type = types.find(({ name }) => name === step.type);
	const settings = Object.entries(step.parameters);
	return (
		<div className={recipeClasses.step}>
			<strong>{stepTitle(step, types)}</strong>
			{type && type.description !== '' && <span className={classes.quiet}>{type.description}</span>}
			{settings.length > 0 && (
				<dl className={recipeClasses.settings}>
					{settings.map(([name, value]) => (
						<div key={name}>
							<dt>{type?.parameters.properties[name]?.title ?? name}: </dt>
							<dd>{textOf(value)}</dd>
						</div>
					))}
				</dl>
			)}
			{step.accepts !== undefined && <span className={classes.quiet}>Only {kindsInWords(step.accepts)}</span>}
			{step.results !== undefined && <span className={classes.quiet}>{filingWords(step.results)}</span>}
		</div>
	);
};
