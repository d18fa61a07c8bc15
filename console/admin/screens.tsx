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
	screen('/recipes', async () => (await import('./automation/everyones-page.tsx')).RecipesPage),
	screen('/triggers', async () => (await import('./automation/everyones-page.tsx')).TriggersPage),
	screen('/schedules', async () => (await import('./automation/everyones-page.tsx')).SchedulesPage),
	screen('/sources', async () => (await import('./automation/everyones-page.tsx')).SourcesPage),
	screen('/datasets', async () => (await import('./automation/everyones-page.tsx')).DatasetsPage),
	screen('/webhooks', async () => (await import('./automation/everyones-page.tsx')).WebhooksPage),
	screen('/this-machine', async () => (await import('./desktop/agent-page.tsx')).AgentPage),
];
