import type { ReactNode } from 'react';
import { useMe } from '../../kit/session/session.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { words } from './words.ts';

/** Operators are told so, instead of being shown one refusal after the other; the server refuses them all of it anyway. */
export const ForAdministrators = ({ what, children }: { what: string; children: ReactNode }) =>
	useMe().role === 'administrator' ? children : <NotForYou title={words.forAdministrators(what)} />;

const NotForYou = ({ title }: { title: string }) => {
	useTitle(title);
	return (
		<EmptyState isPage icon="ban" title={title}>
			{words.forAdministratorsText}
		</EmptyState>
	);
};
