import { Button, NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { fileContentUrl } from '../../../shared/client/files.ts';
import { type ResultView, resultListQuerySchema } from '../../../shared/protocol/result.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { ReadList } from '../../kit/shell/read-list.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { urlOfFile } from '../files/folder-url.ts';
import { useRecipes } from '../recipes/use-recipes.ts';
import type { ResultFilter } from '../remote/keys.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import classes from './results.module.css';
import { useResults } from './use-results.ts';

/** What is not valid in the address is as if it were not there. */
const filterOfUrl = (params: URLSearchParams): ResultFilter => {
	const { job, recipe } = resultListQuerySchema.shape;
	const read = { job: job.safeParse(params.get('job')), recipe: recipe.safeParse(params.get('recipe')) };
	return {
		...(read.job.data === undefined ? {} : { job: read.job.data }),
		...(read.recipe.data === undefined ? {} : { recipe: read.recipe.data }),
	};
};

/** Files that one’s tasks made, by what they came from. */
export const ResultsPage = () => {
	useTitle('Results');
	const [params, setParams] = useSearchParams();
	const search = params.toString();
	const filter = useMemo(() => filterOfUrl(new URLSearchParams(search)), [search]);
	const [recipe, setRecipe] = useSearchParam('recipe');
	const recipes = useRecipes().rows;
	const types = useTaskTypes().data?.items ?? [];
	const query = useResults(filter);
	const rows = query.rows.map((result) => ({ ...result, id: `${result.file} ${result.version}` }));
	const isFiltered = Object.keys(filter).length > 0;
	return (
		<>
			<h1 className={pageClasses.pageTitle}>Results</h1>
			<p className={pageClasses.lead}>
				Files that tasks have made, the newest first. What stays with its task is on the task’s page.
			</p>
			<div className={pageClasses.tools}>
				<NativeSelect
					aria-label="Recipe"
					data={[{ value: '', label: 'Any recipe' }, ...recipes.map(({ id, name }) => ({ value: id, label: name }))]}
					value={filter.recipe === undefined ? '' : recipe}
					onChange={(event) => setRecipe(event.currentTarget.value)}
				/>
				{filter.job !== undefined && (
					<Button variant="light" onClick={() => setParams(filter.recipe ? { recipe: filter.recipe } : {})}>
						Of one job<span className="millrace-off-screen">: show those of all jobs</span> ×
					</Button>
				)}
			</div>
			<ReadList
				query={{ ...query, rows }}
				what="the results"
				row={(result) => <ResultRow result={result} types={types} />}
				none={
					isFiltered ? (
						<EmptyState
							icon="search"
							title="No result fits this filter"
							actions={<Button onClick={() => setParams({})}>Clear the filter</Button>}
						>
							There may be others, or its outputs stay with their tasks.
						</EmptyState>
					) : (
						<EmptyState
							icon="circleCheck"
							title="No results yet"
							actions={
								<Button component={Link} to="/files">
									To the files
								</Button>
							}
						>
							Select files, press “Process…”, and let the results go beside them: they appear here, too.
						</EmptyState>
					)
				}
			/>
		</>
	);
};

const ResultRow = ({ result, types }: { result: ResultView; types: readonly Manifest[] }) => {
	const { file, name, path, version, size, thumbnail, type, task, job, recipe, at } = result;
	const title = types.find((one) => one.name === type)?.title ?? type;
	return (
		<>
			{thumbnail === null ? (
				<span className={classes.picture}>
					<Icon name="file" size={22} />
				</span>
			) : (
				<img className={classes.picture} src={thumbnail.url} alt="" loading="lazy" decoding="async" />
			)}
			<div className={pageClasses.words}>
				<Link className={pageClasses.name!} to={path === null ? `/files?file=${file}` : urlOfFile({ id: file, path })}>
					{path ?? name}
				</Link>
				<span className={pageClasses.quiet}>
					{task === null ? (
						title
					) : (
						<Link className={pageClasses.link} to={`/tasks/${task}`}>
							{title}
						</Link>
					)}
					{job !== null && (
						<>
							{' · job '}
							<Link className={pageClasses.link} to={`/jobs/${job.id}`}>
								{job.title}
							</Link>
						</>
					)}
					{recipe !== null && recipe.name !== null && (
						<>
							{' · recipe '}
							<Link className={pageClasses.link} to={`/recipes/${recipe.id}`}>
								{recipe.name}
							</Link>
						</>
					)}
				</span>
				<span className={pageClasses.quiet}>
					<RelativeTime at={at} /> · {formatBytes(size)}
					{version > 1 && ` · version ${version}`}
				</span>
			</div>
			<Button
				component="a"
				href={fileContentUrl(http, file, version)}
				download={name}
				variant="default"
				size="sm"
				leftSection={<Icon name="download" size={16} />}
			>
				Download<span className="millrace-off-screen"> {name}</span>
			</Button>
		</>
	);
};
