import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { putRecipe } from '../../../shared/client/recipes.ts';
import { type RecipeView, recipeNameSchema } from '../../../shared/protocol/recipe.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';

/** Asks for another name, and for what the recipe is good for. */
export const NameForm = ({ recipe, onClose }: { recipe: RecipeView; onClose(): void }) => {
	const [name, setName] = useState(recipe.name);
	const [description, setDescription] = useState(recipe.description);
	const isReady = recipeNameSchema.safeParse(name).success;
	const save = useMutation({
		mutationFn: () =>
			putRecipe(http, recipe.id, { name: name.trim(), description, steps: recipe.steps }, recipe.version),
		onSuccess: async (after) => {
			queryClient.setQueryData(keys.recipe(recipe.id), after);
			await queryClient.invalidateQueries({ queryKey: keys.recipes });
			notifyDone(`The recipe is called ${after.name}`);
			onClose();
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (isReady) save.mutate();
			}}
		>
			<Stack>
				<TextInput
					label="Name"
					autoComplete="off"
					maxLength={100}
					data-autofocus
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<Textarea
					label="Description"
					description="What it is good for."
					autosize
					minRows={2}
					maxRows={8}
					maxLength={2_000}
					value={description}
					onChange={(event) => setDescription(event.currentTarget.value)}
				/>
				{save.isError && (
					<p className={classes.fault} role="alert">
						{errorText(save.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Close without saving
					</Button>
					<Button type="submit" loading={save.isPending} disabled={!isReady}>
						Save
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
