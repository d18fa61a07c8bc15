import { type ComponentType, lazy, type ReactElement } from 'react';
import { ForAdministrators } from './shell/for-administrators.tsx';
import { placeOf } from './shell/places.ts';

/** A screen at a path. */
interface Screen {
	path: string;
	element: ReactElement;
}

/** A screen whose code is loaded when it is first looked at; who may see it is said with its place in the menu. */
const screen = (path: string, load: () => Promise<ComponentType>): Screen => {
	const Page = lazy(async () => ({ default: await load() }));
	const place = placeOf(path);
	if (!place?.isForAdministrators) return { path, element: <Page /> };
	const element = (
		<ForAdministrators what={place.word}>
			<Page />
		</ForAdministrators>
	);
	return { path, element };
};

/** Every screen of the console. What is in the menu of them is in shell/places.ts. */
export const SCREENS: readonly Screen[] = [
	screen('/', async () => (await import('./overview/overview-page.tsx')).OverviewPage),
	screen('/nodes', async () => (await import('./nodes/nodes-page.tsx')).NodesPage),
	screen('/nodes/add', async () => (await import('./add-node/add-node-page.tsx')).AddNodePage),
	screen('/nodes/:id', async () => (await import('./node/node-page.tsx')).NodePage),
	screen('/queues', async () => (await import('./queues/queues-page.tsx')).QueuesPage),
	screen('/queues/:name', async () => (await import('./queues/queue-page.tsx')).QueuePage),
	screen('/users', async () => (await import('./users/users-page.tsx')).UsersPage),
	screen('/users/:id', async () => (await import('./users/person-page.tsx')).PersonPage),
	screen('/usage', async () => (await import('./usage/usage-page.tsx')).UsagePage),
	screen('/prices', async () => (await import('./prices/prices-page.tsx')).PricesPage),
	screen('/prices/new', async () => (await import('./prices/new-prices-page.tsx')).NewPricesPage),
	screen('/budgets', async () => (await import('./budgets/budgets-page.tsx')).BudgetsPage),
	screen('/statements', async () => (await import('./statements/statements-page.tsx')).StatementsPage),
	screen('/recipes', async () => (await import('./automation/everyones-page.tsx')).RecipesPage),
	screen('/triggers', async () => (await import('./automation/everyones-page.tsx')).TriggersPage),
	screen('/schedules', async () => (await import('./automation/everyones-page.tsx')).SchedulesPage),
	screen('/sources', async () => (await import('./automation/everyones-page.tsx')).SourcesPage),
	screen('/datasets', async () => (await import('./automation/everyones-page.tsx')).DatasetsPage),
	screen('/webhooks', async () => (await import('./automation/everyones-page.tsx')).WebhooksPage),
	screen('/account', async () => (await import('./account/account-page.tsx')).AccountPage),
	screen('/quarantine', async () => (await import('./quarantine/quarantine-page.tsx')).QuarantinePage),
	screen('/tasks', async () => (await import('./tasks/tasks-page.tsx')).TasksPage),
	screen('/tasks/:id', async () => (await import('./task/task-page.tsx')).TaskPage),
	screen('/classes', async () => (await import('./classes/classes-page.tsx')).ClassesPage),
	screen('/classes/new', async () => (await import('./classes/new-class-page.tsx')).NewClassPage),
	screen('/classes/:name', async () => (await import('./classes/class-page.tsx')).ClassPage),
	screen('/groups', async () => (await import('./groups/groups-page.tsx')).GroupsPage),
	screen('/groups/:name', async () => (await import('./groups/group-page.tsx')).GroupPage),
	screen('/task-types', async () => (await import('./task-types/types-page.tsx')).TaskTypesPage),
	screen('/task-types/:name', async () => (await import('./task-types/type-page.tsx')).TaskTypePage),
	screen('/audit', async () => (await import('./audit/audit-page.tsx')).AuditPage),
	screen('/settings', async () => (await import('./settings/settings-page.tsx')).SettingsPage),
	screen('/health', async () => (await import('./health/health-page.tsx')).HealthPage),
	screen('/this-machine', async () => (await import('./desktop/agent-page.tsx')).AgentPage),
];
