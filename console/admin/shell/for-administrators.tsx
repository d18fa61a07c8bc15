import type { ReactNode } from 'react';
import { useMe } from '../../kit/session/session.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { catalogue } from '../../kit/words.ts';

const words = catalogue('for-administrators', {
	title: (what: string) => `${what}: for administrators`,
	text: 'Your role is operator. An administrator can show it to you, or give you another role.',
});

/** Operators are told so, instead of being shown one refusal after the other; the server refuses them all of it anyway. */
export const ForAdministrators = ({ what, children }: { what: string; children: ReactNode }) =>
	useMe().role === 'administrator' ? children : <NotForYou title={words.title(what)} />;

const NotForYou = ({ title }: { title: string }) => {
	useTitle(title);
	return (
		<EmptyState isPage icon="ban" title={title}>
			{words.text}
		</EmptyState>
	);
};
