import { type ComponentType, lazy, type ReactElement } from 'react';

/** A screen at a path. */
interface Screen {
	path: string;
	element: ReactElement;
}

/** A screen whose code is loaded when it is first looked at. */
const screen = (path: string, load: () => Promise<ComponentType>): Screen => {
	const Page = lazy(async () => ({ default: await load() }));
	return { path, element: <Page /> };
};

/** Every screen of the console. What is in the menu of them is in shell/places.ts. */
export const SCREENS: readonly Screen[] = [
	screen('/', async () => (await import('./overview/overview-page.tsx')).OverviewPage),
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
];
