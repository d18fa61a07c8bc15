import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Entrance } from '../session/entrance.tsx';
import { useSession } from '../session/session.tsx';
import { useTitle } from '../use-title.ts';
import classes from './account.module.css';
import { words } from './account-words.ts';
import { Enrolment } from './enrolment.tsx';

/** All there is for somebody whose role needs a second factor, until there is one. */
export const EnrolPage = () => {
	useTitle(words.enrolTitle);
	const { ask, signOut } = useSession();
	const leave = useMutation({ mutationFn: signOut });
	return (
		<Entrance title={words.enrolTitle} lead={words.enrolLead}>
			<div className={classes.enrolment}>
				<Enrolment onDone={ask} />
				<Button variant="subtle" color="gray" loading={leave.isPending} onClick={() => leave.mutate()}>
					{words.signOut}
				</Button>
			</div>
		</Entrance>
	);
};
