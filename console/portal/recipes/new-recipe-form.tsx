import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createRecipe } from '../../../shared/client/recipes.ts';
import type { RecipeView } from '../../../shared/protocol/recipe.ts';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import { StepForm } from './step-form.tsx';

/** Asks for a name and the first step; more steps are added on the recipe’s page. */
export const NewRecipeForm = ({ onClose, onMade }: { onClose(): void; onMade(recipe: RecipeView): void }) => {
	const [name, setName] = useState('');
	const [description, setDescription] = useState('');
	return (
		<StepForm
			act="Make recipe"
			isReady={name.trim() !== ''}
			onClose={onClose}
			onSave={async (step) => {
				const made = await createRecipe(http, { name: name.trim(), description: description.trim(), steps: [step] });
				await queryClient.invalidateQueries({ queryKey: keys.recipes });
				onMade(made);
			}}
		>
			<TextInput
				label="Name"
				required
				withAsterisk={false}
				maxLength={100}
				autoComplete="off"
				data-autofocus
				value={name}
				onChange={(event) => setName(event.currentTarget.value)}
			/>
			<Textarea
				label="Description"
				description="For yourself; may be left out."
				maxLength={2000}
				autosize
				minRows={1}
				maxRows={5}
				value={description}
				onChange={(event) => setDescription(event.currentTarget.value)}
			/>
		</StepForm>
	);
};
