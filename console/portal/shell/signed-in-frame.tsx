import type { QueryClient } from '@tanstack/react-query';
import { Outlet, useLocation } from 'react-router';
import { readFile } from '../../../shared/client/files.ts';
import type { LiveTopic } from '../../../shared/protocol/live-updates.ts';
import { LiveProvider } from '../../kit/live/live.tsx';
import { http } from '../../kit/remote/api.ts';
import { PageBoundary } from '../../kit/shell/page-boundary.tsx';
import { PortalSync } from '../live/sync-cache.ts';
import { UploadsProvider } from '../uploads/uploads.tsx';
import { Shell } from './shell.tsx';

const TOPICS: readonly LiveTopic[] = ['tasks', 'files', 'things'];
const openSync = (cache: QueryClient) => new PortalSync(cache, (id) => readFile(http, id));

/** All that stands around the pages of somebody signed in; loaded once somebody is. */
export const SignedInFrame = () => {
	const { pathname } = useLocation();
	return (
		<LiveProvider topics={TOPICS} openSync={openSync}>
			<UploadsProvider>
				<Shell>
					<PageBoundary at={pathname}>
						<Outlet />
					</PageBoundary>
				</Shell>
			</UploadsProvider>
		</LiveProvider>
	);
};
