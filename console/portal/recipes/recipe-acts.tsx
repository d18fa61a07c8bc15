import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from 'react-router';
import { deleteRecipe } from '../../../shared/client/recipes.ts';
import type { RecipeView } from '../../../shared/protocol/recipe.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { NameForm } from './name-form.tsx';
import { RunForm } from './run-form.tsx';

/** What may be done with the recipe as a whole. */
export const RecipeActs = ({ recipe }: { recipe: RecipeView }) => {
	const navigate = useNavigate();
	const [running, run] = useDisclosure(false);
	const [naming, name] = useDisclosure(false);
	const [asking, ask] = useDisclosure(false);
	const remove = useAct({
		act: () => deleteRecipe(http, recipe.id),
		key: keys.recipes,
		done: `The recipe ${recipe.name} is deleted`,
		failed: 'The recipe was not deleted',
		onDone: () => {
			// The page must not read again what is gone.
			queryClient.removeQueries({ queryKey: keys.recipe(recipe.id) });
			void navigate('/recipes', { replace: true });
		},
	});
	const { triggers, schedules } = recipe.usedBy;
	return (
		<div className={classes.acts}>
			<Button leftSection={<Icon name="play" size={17} />} disabled={recipe.broken !== null} onClick={run.open}>
				Run over a folder…
			</Button>
			<Button variant="default" leftSection={<Icon name="edit" size={17} />} onClick={name.open}>
				Rename…
			</Button>
			<Button variant="default" leftSection={<Icon name="trash" size={17} />} onClick={ask.open}>
				Delete…
			</Button>
			<Modal opened={running} onClose={run.close} title={`Run ${recipe.name}`} size="lg">
				<RunForm recipe={recipe.id} onClose={run.close} />
			</Modal>
			<Modal opened={naming} onClose={name.close} title={`Rename ${recipe.name}`}>
				<NameForm recipe={recipe} onClose={name.close} />
			</Modal>
			<ConfirmDialog
				opened={asking}
				title={`Delete ${recipe.name}?`}
				act="Delete the recipe"
				busy={remove.isPending}
				onClose={ask.close}
				onConfirm={() => remove.mutate(undefined, { onSettled: ask.close })}
			>
				{triggers > 0 && `Its ${plural(triggers, 'trigger')} ${triggers === 1 ? 'goes' : 'go'} with it. `}
				{schedules > 0 && `First delete the ${plural(schedules, 'schedule')} that run it: it stays until then. `}
				What it has made stays, and what runs goes on.
			</ConfirmDialog>
		</div>
	);
};
