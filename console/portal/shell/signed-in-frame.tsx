import { Outlet, useLocation } from 'react-router';
import { LiveProvider } from '../live/live.tsx';
import { UploadsProvider } from '../uploads/uploads.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { Shell } from './shell.tsx';

/** All that stands around the pages of somebody signed in; loaded once somebody is. */
export const SignedInFrame = () => {
	const { pathname } = useLocation();
	return (
		<LiveProvider>
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
