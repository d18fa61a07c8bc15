import { lazy, useEffect, useSyncExternalStore } from 'react';
import { OnDemand } from '../on-demand.tsx';
import { currentQuestion, onQuestion } from './ask-fresh-auth.ts';
import { useSession } from './session.tsx';

const FreshAuthDialog = lazy(async () => ({ default: (await import('./fresh-auth-dialog.tsx')).FreshAuthDialog }));

/** Asks for the password again whenever an answer says `reauth-required`; one in each application, beside its pages. */
export const FreshAuth = () => {
	const { state } = useSession();
	const question = useSyncExternalStore(onQuestion, currentQuestion);
	const isIn = state.kind === 'in';
	// Who has left meanwhile confirms nothing.
	useEffect(() => {
		if (!isIn) question?.answer(false);
	}, [isIn, question]);
	// Who goes elsewhere has let go of what was asked for: confirmed there, it would be done unseen.
	useEffect(() => {
		const decline = () => question?.answer(false);
		window.addEventListener('hashchange', decline);
		return () => window.removeEventListener('hashchange', decline);
	}, [question]);
	return (
		<OnDemand wanted={question !== null && isIn}>
			{(opened) => <FreshAuthDialog opened={opened} onAnswer={(isConfirmed) => question?.answer(isConfirmed)} />}
		</OnDemand>
	);
};
