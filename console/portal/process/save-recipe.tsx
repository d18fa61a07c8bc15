import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { RecipeView } from '../../../shared/protocol/recipe.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { makeRecipe } from './on-upload.ts';
import classes from './process.module.css';
import { recipeOf, type Wish } from './wish.ts';

interface SaveRecipeProps {
	wish: Wish;
	usualName: string;
	/** Whether the settings are such that they can be kept; what is wrong with them is told then. */
	check(): boolean;
}

/** Keeps type, settings and place of the outputs under a name, to be used again. */
export const SaveRecipe = ({ wish, usualName, check }: SaveRecipeProps) => {
	const [asking, ask] = useDisclosure(false);
	const [saved, setSaved] = useState<RecipeView | null>(null);
	return (
		<>
			<Button type="button" variant="default" size="md" onClick={() => check() && ask.open()}>
				Save as recipe…
			</Button>
			<p className={classes.saved} role="status">
				{saved && (
					<>
						Saved as the recipe{' '}
						<Link className={pageClasses.link!} to={`/recipes/${saved.id}`}>
							{saved.name}
						</Link>
						.
					</>
				)}
			</p>
			<Modal opened={asking} onClose={ask.close} title="Save as recipe">
				<NameForm
					wish={wish}
					usualName={usualName}
					onClose={ask.close}
					onSaved={(recipe) => {
						setSaved(recipe);
						ask.close();
					}}
				/>
			</Modal>
		</>
	);
};

interface NameFormProps {
	wish: Wish;
	usualName: string;
	onClose(): void;
	onSaved(recipe: RecipeView): void;
}

const NameForm = ({ wish, usualName, onClose, onSaved }: NameFormProps) => {
	const [name, setName] = useState(usualName);
	const save = useMutation({
		mutationFn: () => makeRecipe(recipeOf(wish, name)),
		onSuccess: async (recipe) => {
			await queryClient.invalidateQueries({ queryKey: keys.recipes });
			onSaved(recipe);
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				// React hands events on to the form around the dialog.
				event.stopPropagation();
				if (name.trim() !== '') save.mutate();
			}}
		>
			<Stack>
				<TextInput
					label="Name"
					description="It keeps what is done, the settings, and where outputs go."
					maxLength={100}
					autoComplete="off"
					data-autofocus
					value={name}
					error={save.isError ? errorText(save.error) : null}
					onChange={(event) => {
						setName(event.currentTarget.value);
						save.reset();
					}}
				/>
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
						Save the recipe
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
