import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { RecipeView } from '../../../shared/protocol/recipe.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import recipeClasses from './recipes.module.css';
import { TriggerForm } from './trigger-form.tsx';
import { TriggerRow } from './trigger-row.tsx';
import { useTriggers } from './use-recipes.ts';

/** A link to the triggers leads to them, though they come after the page. */
const comeTo = (card: HTMLElement | null): void => {
	if (card !== null && window.location.hash === `#${card.id}`) card.focus();
};

/** What starts the recipe by itself. */
export const TriggersCard = ({ recipe }: { recipe: RecipeView }) => {
	const query = useTriggers(recipe.id);
	const [making, dialog] = useDisclosure(false);
	const triggers = query.data?.items;
	return (
		<section ref={comeTo} className={classes.card} id="triggers" tabIndex={-1} aria-labelledby="triggers-heading">
			<div className={classes.cardHead}>
				<h2 id="triggers-heading">Triggers</h2>
				<Button variant="default" size="sm" leftSection={<Icon name="plus" size={16} />} onClick={dialog.open}>
					New trigger
				</Button>
			</div>
			{triggers === undefined ? (
				query.isError ? (
					<ErrorState error={query.error} what="The triggers cannot be shown" onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what="the triggers" rows={2} />
				)
			) : triggers.length === 0 ? (
				<p className={classes.quiet}>
					Nothing starts it by itself. A trigger does: for example whenever an image comes into /photos.
				</p>
			) : (
				<ul className={recipeClasses.steps}>
					{triggers.map((trigger) => (
						<li key={trigger.id}>
							<TriggerRow trigger={trigger} />
						</li>
					))}
				</ul>
			)}
			<Modal opened={making} onClose={dialog.close} title={`New trigger of ${recipe.name}`} size="lg">
				<TriggerForm recipe={recipe.id} onClose={dialog.close} />
			</Modal>
		</section>
	);
};
