import { Button } from '@mantine/core';
import { useState } from 'react';
import { rollBackRecipe } from '../../../shared/client/recipes.ts';
import type { RecipeVersion, RecipeView } from '../../../shared/protocol/recipe.ts';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import classes from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import recipeClasses from './recipes.module.css';
import { useRecipeVersions } from './use-recipes.ts';
import { versionChanges } from './version-changes.ts';

/** Shown before somebody asks for more. */
const NEWEST = 5;

/** Every version of the recipe and what it changed; an earlier one can be brought back. */
export const HistoryCard = ({ recipe }: { recipe: RecipeView }) => {
	const query = useRecipeVersions(recipe.id);
	const types = useTaskTypes().data?.items ?? [];
	const [isWhole, setWhole] = useState(false);
	const back = useAct<number, RecipeView>({
		// What is brought back is brought back instead of what is shown here.
		act: (version) => rollBackRecipe(http, recipe.id, version, recipe.version),
		key: keys.recipes,
		done: (after) => `It is as it was, and has the version ${after.version}`,
		failed: 'The version was not brought back',
		onDone: (after) => queryClient.setQueryData(keys.recipe(recipe.id), after),
	});
	const versions = query.data?.items;
	return (
		<section className={classes.card}>
			<h2>History</h2>
			{versions === undefined ? (
				query.isError ? (
					<ErrorState error={query.error} what="Its versions cannot be shown" onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what="its versions" rows={2} />
				)
			) : (
				<>
					<ol className={recipeClasses.steps} aria-label="Versions, the newest first">
						{versions.slice(0, isWhole ? versions.length : NEWEST).map((version, at) => (
							<li key={version.version}>
								<span className={recipeClasses.number}>{version.version}</span>
								<div className={recipeClasses.step}>
									<VersionWords version={version} before={versions[at + 1]} types={types} />
								</div>
								{version.version === recipe.version ? (
									<span className={classes.quiet}>as it is now</span>
								) : (
									<Button
										variant="default"
										size="xs"
										disabled={back.isPending}
										loading={back.isPending && back.variables === version.version}
										onClick={() => back.mutate(version.version)}
									>
										Bring back<span className="millrace-off-screen"> version {version.version}</span>
									</Button>
								)}
							</li>
						))}
					</ol>
					{!isWhole && versions.length > NEWEST && (
						<Button className={classes.more!} variant="default" size="sm" onClick={() => setWhole(true)}>
							Show all {versions.length} versions
						</Button>
					)}
				</>
			)}
		</section>
	);
};

interface VersionWordsProps {
	version: RecipeVersion;
	/** The one that it changed; none: it is the first, or what was before is too old to be kept. */
	before: RecipeVersion | undefined;
	types: Parameters<typeof versionChanges>[2];
}

const VersionWords = ({ version, before, types }: VersionWordsProps) => (
	<>
		{before === undefined ? (
			<span>{version.version === 1 ? 'Made' : 'What was before is not kept any more'}</span>
		) : (
			versionChanges(before, version, types).map((change) => <span key={change}>{change}</span>)
		)}
		<span className={classes.quiet}>
			<RelativeTime at={version.at} /> · {version.by}
		</span>
	</>
);
