import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter, Link, Navigate, Route, Routes, useLocation } from 'react-router';
import { Announcer } from '../kit/announcer.tsx';
import { queryClient } from '../kit/remote/query-client.ts';
import { FreshAuth } from '../kit/session/fresh-auth.tsx';
import { SessionProvider, useSession } from '../kit/session/session.tsx';
import { SignInPage } from '../kit/session/sign-in-page.tsx';
import { ErrorState, LoadingState } from '../kit/states.tsx';
import { theme } from '../kit/tokens.ts';
import { SetupPage } from './session/setup-page.tsx';

const EnrolPage = lazy(async () => ({ default: (await import('../kit/account/enrol-page.tsx')).EnrolPage }));
const SignedInFrame = lazy(async () => ({ default: (await import('./shell/signed-in-frame.tsx')).SignedInFrame }));
const NotFoundPage = lazy(async () => ({ default: (await import('../kit/shell/not-found-page.tsx')).NotFoundPage }));
const WelcomePage = lazy(async () => ({ default: (await import('./session/welcome-page.tsx')).WelcomePage }));
const FilesPage = lazy(async () => ({ default: (await import('./files/files-page.tsx')).FilesPage }));
const TrashPage = lazy(async () => ({ default: (await import('./files/trash-page.tsx')).TrashPage }));
const TasksPage = lazy(async () => ({ default: (await import('./tasks/tasks-page.tsx')).TasksPage }));
const TaskPage = lazy(async () => ({ default: (await import('./tasks/task-page.tsx')).TaskPage }));
const ProcessPage = lazy(async () => ({ default: (await import('./process/process-page.tsx')).ProcessPage }));
const RecipesPage = lazy(async () => ({ default: (await import('./recipes/recipes-page.tsx')).RecipesPage }));
const RecipePage = lazy(async () => ({ default: (await import('./recipes/recipe-page.tsx')).RecipePage }));
const SchedulesPage = lazy(async () => ({ default: (await import('./schedules/schedules-page.tsx')).SchedulesPage }));
const NewSchedulePage = lazy(async () => ({
	default: (await import('./schedules/schedule-form-page.tsx')).NewSchedulePage,
}));
const EditSchedulePage = lazy(async () => ({
	default: (await import('./schedules/schedule-form-page.tsx')).EditSchedulePage,
}));
const SchedulePage = lazy(async () => ({ default: (await import('./schedules/schedule-page.tsx')).SchedulePage }));
const JobsPage = lazy(async () => ({ default: (await import('./jobs/jobs-page.tsx')).JobsPage }));
const JobPage = lazy(async () => ({ default: (await import('./jobs/job-page.tsx')).JobPage }));
const SourcesPage = lazy(async () => ({ default: (await import('./sources/sources-page.tsx')).SourcesPage }));
const NewSourcePage = lazy(async () => ({ default: (await import('./sources/source-form-page.tsx')).NewSourcePage }));
const EditSourcePage = lazy(async () => ({ default: (await import('./sources/source-form-page.tsx')).EditSourcePage }));
const SourcePage = lazy(async () => ({ default: (await import('./sources/source-page.tsx')).SourcePage }));
const ResultsPage = lazy(async () => ({ default: (await import('./results/results-page.tsx')).ResultsPage }));
const DatasetsPage = lazy(async () => ({ default: (await import('./datasets/datasets-page.tsx')).DatasetsPage }));
const DatasetPage = lazy(async () => ({ default: (await import('./datasets/dataset-page.tsx')).DatasetPage }));
const UsagePage = lazy(async () => ({ default: (await import('./usage/usage-page.tsx')).UsagePage }));
const NoticesPage = lazy(async () => ({ default: (await import('./notices/notices-page.tsx')).NoticesPage }));
const AccountPage = lazy(async () => ({ default: (await import('./account/account-page.tsx')).AccountPage }));

const colorSchemes = localStorageColorSchemeManager({ key: 'millrace-color-scheme' });

/** Shows its pages to those who are signed in; others sign in first and come back to where they were. */
const SignedIn = () => {
	const { state, ask } = useSession();
	const { pathname, search } = useLocation();
	switch (state.kind) {
		case 'asking':
			return <LoadingState what="who you are" rows={3} />;
		case 'unknown':
			return <ErrorState error={state.error} what="The server cannot be reached" onRetry={ask} />;
		case 'out':
			return <Navigate to="/sign-in" replace state={{ from: pathname + search }} />;
		case 'in':
			return (
				<Suspense fallback={<LoadingState what="the page" />}>
					{state.me.mustEnrol ? <EnrolPage /> : <SignedInFrame />}
				</Suspense>
			);
	}
};

/** The portal: its routes and what they stand on. */
export const App = () => (
	<MantineProvider
		theme={theme}
		defaultColorScheme="auto"
		colorSchemeManager={colorSchemes}
		withCssVariables={false}
		withGlobalClasses={false}
	>
		<QueryClientProvider client={queryClient}>
			<SessionProvider>
				<FreshAuth />
				<BrowserRouter>
					<Routes>
						<Route path="/setup" element={<SetupPage />} />
						<Route
							path="/welcome"
							element={
								<Suspense fallback={<LoadingState what="the page" rows={3} />}>
									<WelcomePage />
								</Suspense>
							}
						/>
						<Route
							path="/sign-in"
							element={<SignInPage home="/files" toSetup={<Link to="/setup">enter its token</Link>} />}
						/>
						<Route element={<SignedIn />}>
							<Route index element={<Navigate to="/files" replace />} />
							<Route path="/files/*" element={<FilesPage />} />
							<Route path="/trash" element={<TrashPage />} />
							<Route path="/tasks" element={<TasksPage />} />
							<Route path="/tasks/:id" element={<TaskPage />} />
							<Route path="/process" element={<ProcessPage />} />
							<Route path="/recipes" element={<RecipesPage />} />
							<Route path="/recipes/:id" element={<RecipePage />} />
							<Route path="/schedules" element={<SchedulesPage />} />
							<Route path="/schedules/new" element={<NewSchedulePage />} />
							<Route path="/schedules/:id" element={<SchedulePage />} />
							<Route path="/schedules/:id/edit" element={<EditSchedulePage />} />
							<Route path="/jobs" element={<JobsPage />} />
							<Route path="/jobs/:id" element={<JobPage />} />
							<Route path="/sources" element={<SourcesPage />} />
							<Route path="/sources/new" element={<NewSourcePage />} />
							<Route path="/sources/:id" element={<SourcePage />} />
							<Route path="/sources/:id/edit" element={<EditSourcePage />} />
							<Route path="/results" element={<ResultsPage />} />
							<Route path="/datasets" element={<DatasetsPage />} />
							<Route path="/datasets/:name" element={<DatasetPage />} />
							<Route path="/usage" element={<UsagePage />} />
							<Route path="/notices" element={<NoticesPage />} />
							<Route path="/account" element={<AccountPage />} />
							<Route path="*" element={<NotFoundPage home={{ to: '/files', word: 'To the files' }} />} />
						</Route>
					</Routes>
				</BrowserRouter>
			</SessionProvider>
		</QueryClientProvider>
		<Notifications position="bottom-left" limit={4} />
		<Announcer />
	</MantineProvider>
);
