import { Link, useParams } from 'react-router';
import type { RecipeView } from '../../../shared/protocol/recipe.ts';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import classes from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { HistoryCard } from './history-card.tsx';
import { RecipeActs } from './recipe-acts.tsx';
import { StepsCard } from './steps-card.tsx';
import { TriggersCard } from './triggers-card.tsx';
import { isRecipeId, useRecipe } from './use-recipes.ts';

/** One recipe: its steps, what starts it, and running it by hand. */
export const RecipePage = () => {
	const { id = '' } = useParams();
	const query = useRecipe(id);
	useTitle(query.data?.name ?? 'Recipe');
	return (
		<ReadOne query={query} isId={isRecipeId(id)} what="recipe" all={{ to: '/recipes', word: 'All recipes' }}>
			{(recipe) => <RecipeDetails recipe={recipe} />}
		</ReadOne>
	);
};

const RecipeDetails = ({ recipe }: { recipe: RecipeView }) => (
	<>
		<Link className={classes.back!} to="/recipes">
			All recipes
		</Link>
		<div className={classes.head}>
			<h1 className={classes.title}>{recipe.name}</h1>
			<RecipeActs recipe={recipe} />
		</div>
		{recipe.description !== '' && <p className={classes.headline}>{recipe.description}</p>}
		{recipe.broken !== null && (
			<p className={classes.warning} role="alert">
				<Icon name="alert" />
				<span>
					<strong>This recipe cannot run.</strong> {recipe.broken}. Change or remove that step.
				</span>
			</p>
		)}
		<div className={classes.columns}>
			<div className={classes.main}>
				<StepsCard recipe={recipe} />
				<TriggersCard recipe={recipe} />
				<HistoryCard recipe={recipe} />
			</div>
			<aside className={classes.side} aria-label="About the recipe">
				<section className={classes.card}>
					<h2>About</h2>
					<dl className={classes.facts}>
						<Fact name="Version">{recipe.version}</Fact>
						<Fact name="Changed">
							<RelativeTime at={recipe.updatedAt} />
						</Fact>
						<Fact name="Made">
							<RelativeTime at={recipe.createdAt} />
						</Fact>
						<Fact name="Started by">
							{plural(recipe.usedBy.triggers, 'trigger')}, {plural(recipe.usedBy.schedules, 'schedule')}
						</Fact>
						<Fact name="Inbox">{recipe.inbox}</Fact>
						<Fact name="Jobs">
							<Link to={`/jobs?recipe=${recipe.id}`}>Its jobs</Link>
						</Fact>
					</dl>
				</section>
			</aside>
		</div>
	</>
);
