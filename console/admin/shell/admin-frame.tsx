import type { QueryClient } from '@tanstack/react-query';
import { Outlet, useLocation } from 'react-router';
import type { LiveTopic } from '../../../shared/protocol/live-updates.ts';
import { LiveProvider } from '../../kit/live/live.tsx';
import { PageBoundary } from '../../kit/shell/page-boundary.tsx';
import { AdminSync } from '../live/admin-sync.ts';
import { CommandsProvider } from '../palette/commands.tsx';
import { AdminShell } from './admin-shell.tsx';

const TOPICS: readonly LiveTopic[] = ['nodes', 'node-metrics', 'queues', 'health', 'all-tasks', 'things'];
const openSync = (cache: QueryClient) => new AdminSync(cache);

/** All that stands around the screens of somebody signed in; loaded once somebody is. */
export const AdminFrame = () => {
	const { pathname } = useLocation();
	return (
		<LiveProvider topics={TOPICS} openSync={openSync}>
			<CommandsProvider>
				<AdminShell>
					<PageBoundary at={pathname}>
						<Outlet />
					</PageBoundary>
				</AdminShell>
			</CommandsProvider>
		</LiveProvider>
	);
};
