import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { keys } from '../remote/keys.ts';
import { USUAL_POLICY } from '../schedules/policy-fields.tsx';
import { newRule, zoneHere } from '../schedules/rule-draft.ts';
import type { Draft } from './draft.ts';
import type { Start } from './equivalents.ts';
import { allRecipes } from './on-upload.ts';
import { type RecipeThere, recipeThere } from './same-recipe.ts';
import type { When } from './when.ts';
import { recipeOf, type Wish } from './wish.ts';
import { folderOf, type Work } from './work.ts';

interface Options {
	type: Manifest;
	work: Work;
	when: When;
	/** A schedule of it runs a recipe, not one task. */
	ofRecipe: boolean;
	wish: Wish;
	draft: Draft;
	onChange(parts: Partial<Draft>): void;
}

const MOST_NAME = 100;

/** What belongs to each way of starting, with names that need not be thought of. */
export const useStartDraft = ({ type, work, when, ofRecipe, wish, draft, onChange }: Options) => {
	const folder = draft.watched ?? folderOf(work) ?? '/';
	const [recipeName, setRecipeName] = useState<string | null>(null);
	const [scheduleName, setScheduleName] = useState(type.title);
	const [rule, setRule] = useState(() => newRule(zoneHere()));
	const [policy, setPolicy] = useState(USUAL_POLICY);
	const name = recipeName ?? `${type.title} in ${folder}`.slice(0, MOST_NAME);
	const recipes = useQuery({
		queryKey: keys.allRecipes,
		queryFn: ({ signal }) => allRecipes(signal),
		enabled: when === 'upload' || (when === 'schedule' && ofRecipe),
	});
	const starts: Record<When, Start> = {
		now: { when: 'now' },
		upload: { when: 'upload', name, folder },
		schedule: { when: 'schedule', name: scheduleName, rule, policy, ofRecipe },
	};
	const start = starts[when];
	const recipe = start.when === 'upload' || (start.when === 'schedule' && ofRecipe) ? start.name : null;
	const there: RecipeThere | undefined =
		recipe !== null && recipes.data ? recipeThere(recipes.data, recipeOf(wish, recipe)).there : undefined;
	const fields = {
		upload: {
			...{ folder, name, onName: setRecipeName },
			onFolder: (watched: string) => onChange({ watched }),
		},
		schedule: {
			...{ name: scheduleName, rule, policy },
			...{ onName: setScheduleName, onRule: setRule, onPolicy: setPolicy },
		},
	};
	return { start, there, fields };
};
