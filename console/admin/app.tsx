import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { HashRouter, Navigate, Route, Routes, useLocation } from 'react-router';
import { Announcer } from '../kit/announcer.tsx';
import { bridge } from '../kit/remote/bridge.ts';
import { queryClient } from '../kit/remote/query-client.ts';
import { FreshAuth } from '../kit/session/fresh-auth.tsx';
import { SessionProvider, useSession } from '../kit/session/session.tsx';
import { SignInPage } from '../kit/session/sign-in-page.tsx';
import { NotFoundPage } from '../kit/shell/not-found-page.tsx';
import { ErrorState, LoadingState } from '../kit/states.tsx';
import { theme } from '../kit/tokens.ts';
import { SCREENS } from './screens.tsx';
import { ForbiddenPage } from './shell/forbidden-page.tsx';
import { words } from './shell/words.ts';

const EnrolPage = lazy(async () => ({ default: (await import('../kit/account/enrol-page.tsx')).EnrolPage }));
const AdminFrame = lazy(async () => ({ default: (await import('./shell/admin-frame.tsx')).AdminFrame }));

const DesktopTies = lazy(async () => ({ default: (await import('./desktop/desktop-ties.tsx')).DesktopTies }));
const ConnectPage = lazy(async () => ({ default: (await import('./desktop/connect-page.tsx')).ConnectPage }));

const colorSchemes = localStorageColorSchemeManager({ key: 'millrace-color-scheme' });

/** Shows its screens to operators and administrators; others sign in first, or learn that this is not for them. */
const Entitled = () => {
	const { state, ask } = useSession();
	const { pathname, search } = useLocation();
	switch (state.kind) {
		case 'asking':
			return <LoadingState what={words.who} rows={3} />;
		case 'unknown':
			return (
				<ErrorState
					error={state.error}
					what={words.cannotBeReached}
					onRetry={ask}
					actions={bridge.desktop && <a href="#/connect">{words.chooseAnother}</a>}
				/>
			);
		case 'out':
			return <Navigate to="/sign-in" replace state={{ from: pathname + search }} />;
		case 'in':
			if (state.me.role === 'user') return <ForbiddenPage />;
			return (
				<Suspense fallback={<LoadingState what={words.thePage} />}>
					{state.me.mustEnrol ? <EnrolPage /> : <AdminFrame />}
				</Suspense>
			);
	}
};

/** The console: its screens and what they stand on. Its addresses are behind a `#`, the same in a tab and in a window. */
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
				<HashRouter>
					{bridge.desktop && (
						<Suspense>
							<DesktopTies desktop={bridge.desktop} />
						</Suspense>
					)}
					<Routes>
						<Route
							path="/sign-in"
							element={<SignInPage home="/" toSetup={<a href="/setup">{words.enterToken}</a>} />}
						/>
						{bridge.desktop && (
							<Route
								path="/connect"
								element={
									<Suspense fallback={<LoadingState what={words.thePage} />}>
										<ConnectPage desktop={bridge.desktop} />
									</Suspense>
								}
							/>
						)}
						<Route element={<Entitled />}>
							{SCREENS.map(({ path, element }) => (
								<Route key={path} path={path} element={element} />
							))}
							<Route path="*" element={<NotFoundPage home={{ to: '/', word: words.toTheOverview }} />} />
						</Route>
					</Routes>
				</HashRouter>
			</SessionProvider>
		</QueryClientProvider>
		<Notifications position="bottom-right" limit={4} />
		<Announcer />
	</MantineProvider>
);
