import type { JobListQuery } from '../../../shared/protocol/job.ts';
import type { ResultListQuery } from '../../../shared/protocol/result.ts';
import { ME_KEY } from '../../kit/remote/me-key.ts';
import type { TaskFilter } from '../../kit/tasks/task-filter.ts';

/** What of a job list is in the address. */
export type JobFilter = Pick<JobListQuery, 'state' | 'recipe'>;

/** What of a list of results is in the address. */
export type ResultFilter = Pick<ResultListQuery, 'job' | 'recipe'>;

/** Names of what the query cache holds. */
export const keys = {
	me: ME_KEY,
	passwordLink: ['password-link'] as const,
	folders: ['folder'] as const,
	folder: (path: string) => ['folder', path] as const,
	trash: ['trash'] as const,
	files: ['file'] as const,
	file: (id: string) => ['file', id] as const,
	/** Before the newest ones, of which each new version makes others. */
	olderVersions: (id: string, newest: number) => ['older-versions', id, newest] as const,
	/** Lists take live updates in by themselves. */
	taskLists: ['tasks'] as const,
	taskList: (filter: TaskFilter) => ['tasks', filter] as const,
	tasks: ['task'] as const,
	task: (id: string) => ['task', id] as const,
	taskTypes: ['task-types'] as const,
	classChoices: ['class-choices'] as const,
	/** The last ones of a type that are over. */
	lately: (type: string) => ['tasks-lately', type] as const,
	/** Live updates of things read again what is below their first word; the id of the thing it is about comes third. */
	recipes: ['recipes'] as const,
	allRecipes: ['recipes', 'all'] as const,
	recipe: (id: string) => ['recipes', 'one', id] as const,
	recipeVersions: (id: string) => ['recipes', 'versions', id] as const,
	triggers: (recipe: string) => ['recipes', 'triggers', recipe] as const,
	firings: (trigger: string) => ['recipes', 'firings', trigger] as const,
	dryRun: (wish: string) => ['dry-run', wish] as const,
	jobs: ['jobs'] as const,
	jobList: (filter: JobFilter) => ['jobs', 'list', filter] as const,
	job: (id: string) => ['jobs', 'one', id] as const,
	jobOutputs: (id: string) => ['jobs', 'outputs', id] as const,
	results: ['results'] as const,
	resultList: (filter: ResultFilter) => ['results', 'list', filter] as const,
	taskResults: (task: string) => ['results', 'task', task] as const,
	provenance: (file: string, version: number) => ['provenance', file, version] as const,
	datasets: ['datasets'] as const,
	dataset: (name: string) => ['datasets', 'one', name] as const,
	datasetVersions: (name: string, newest: number) => ['datasets', 'versions', name, newest] as const,
	datasetFolder: (name: string, version: number, folder: string) => ['dataset-folder', name, version, folder] as const,
	datasetText: (address: string) => ['dataset-text', address] as const,
	datasetShares: (name: string) => ['datasets', 'shares', name] as const,
	groups: ['groups'] as const,
	notices: ['notices'] as const,
	noticeList: (unread: boolean) => ['notices', 'list', unread] as const,
	unreadNotices: ['notices', 'unread'] as const,
	webhooks: ['webhooks'] as const,
	deliveries: (id: string) => ['webhooks', 'deliveries', id] as const,
	schedules: ['schedules'] as const,
	schedule: (id: string) => ['schedules', 'one', id] as const,
	scheduleRuns: (id: string) => ['schedules', 'runs', id] as const,
	schedulePreview: (rule: string) => ['schedule-preview', rule] as const,
	sources: ['sources'] as const,
	source: (id: string) => ['sources', 'one', id] as const,
	sourceItems: (id: string) => ['sources', 'items', id] as const,
	sourceRuns: (id: string) => ['sources', 'runs', id] as const,
	usage: (month: string) => ['usage', 'days', month] as const,
	statement: (month: string) => ['usage', 'statement', month] as const,
	usageByTask: (month: string) => ['usage', 'tasks', month] as const,
	usageByFile: (month: string) => ['usage', 'files', month] as const,
	budgets: ['usage', 'budgets'] as const,
	storage: ['storage'] as const,
	policy: ['policy'] as const,
	tokens: ['tokens'] as const,
	appPasswords: ['app-passwords'] as const,
	secrets: ['secrets'] as const,
	/** A dataset whose files are to be processed, and those files. */
	workDataset: (name: string) => ['work', 'dataset', name] as const,
	workFiles: (name: string, version: number, path: string) => ['work', 'files', name, version, path] as const,
};
