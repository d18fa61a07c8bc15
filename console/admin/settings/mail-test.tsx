import { Button } from '@mantine/core';
import { testMail } from '../../../shared/client/mail.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { mailWords } from './mail-words.ts';
import classes from './settings.module.css';

/** Sends a mail that means nothing, and tells what the server said and what to do. */
export const MailTestButton = () => {
	const test = useAct({ act: () => testMail(http), key: keys.mail, failed: mailWords.testFailed });
	const { data } = test;
	return (
		<>
			<Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
				{mailWords.test}
			</Button>
			<div className={classes.tested} role="status">
				{test.isPending && mailWords.testing}
				{data && !test.isPending && (
					<>
						<strong data-accepted={data.accepted || undefined}>
							<Icon name={data.accepted ? 'circleCheck' : 'circleX'} size={16} />
							{data.accepted ? mailWords.accepted : mailWords.refused}.
						</strong>{' '}
						{data.what} {data.do}{' '}
						{data.answer !== null && (
							<>
								{mailWords.said}: <q>{data.answer}</q>{' '}
							</>
						)}
						{data.refused.length > 0 && `${mailWords.refusedFor} ${data.refused.join(', ')}.`}
					</>
				)}
			</div>
		</>
	);
};
