import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from 'react-router';
import type { RecipeView } from '../../../shared/protocol/recipe.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from '../../kit/shell/page.module.css';
import { ReadList } from '../../kit/shell/read-list.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { NewRecipeForm } from './new-recipe-form.tsx';
import { stepTitle } from './recipe-words.ts';
import { useRecipes } from './use-recipes.ts';

/** What is done to files, kept under a name. */
export const RecipesPage = () => {
	useTitle('Recipes');
	const navigate = useNavigate();
	const [making, dialog] = useDisclosure(false);
	const query = useRecipes();
	const types = useTaskTypes().data?.items ?? [];
	const make = (
		<Button leftSection={<Icon name="plus" size={17} />} onClick={dialog.open}>
			New recipe
		</Button>
	);
	return (
		<>
			<div className={classes.titleBar}>
				<h1 className={classes.pageTitle}>Recipes</h1>
				{query.rows.length > 0 && make}
			</div>
			<p className={classes.lead}>
				What is to be done to files, kept under a name. A trigger starts a recipe by itself, whenever a file comes into
				a folder.
			</p>
			<ReadList
				query={query}
				what="the recipes"
				row={(recipe) => <RecipeRow recipe={recipe} types={types} />}
				none={
					<EmptyState icon="recipe" title="No recipes yet" actions={make}>
						For example: make every photo that comes into /photos 1,600 pixels wide, and put the result beside it.
					</EmptyState>
				}
			/>
			<Modal opened={making} onClose={dialog.close} title="New recipe" size="lg">
				<NewRecipeForm onClose={dialog.close} onMade={({ id }) => void navigate(`/recipes/${id}`)} />
			</Modal>
		</>
	);
};

const RecipeRow = ({ recipe, types }: { recipe: RecipeView; types: readonly Manifest[] }) => (
	<>
		<div className={classes.words}>
			<Link className={classes.name!} to={`/recipes/${recipe.id}`}>
				{recipe.name}
			</Link>
			<span className={classes.quiet}>{recipe.steps.map((step) => stepTitle(step, types)).join(' · ')}</span>
		</div>
		{recipe.broken === null ? (
			<span className={classes.quiet}>{startersOf(recipe.usedBy)}</span>
		) : (
			<LookChip look={{ word: 'Cannot run', color: 'red', icon: 'alert' }} />
		)}
	</>
);

const startersOf = ({ triggers, schedules }: RecipeView['usedBy']): string => {
	const starters = [triggers > 0 && plural(triggers, 'trigger'), schedules > 0 && plural(schedules, 'schedule')];
	const words = starters.filter((one) => one !== false).join(' and ');
	return words === '' ? 'By hand only' : `Started by ${words}`;
};
