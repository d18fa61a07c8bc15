import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { removeMail, testAlerts } from '../../../shared/client/mail.ts';
import type { MailView } from '../../../shared/protocol/mail.ts';
import { settingInWords } from '../../../shared/setting-words.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { CopyButton } from '../../kit/copy-button.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { RelativeTime } from '../../kit/time.tsx';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import { MailForm } from './mail-form.tsx';
import { MailTestButton } from './mail-test.tsx';
import { mailWords } from './mail-words.ts';
import { Read } from './read.tsx';
import classes from './settings.module.css';
import { useMail, useStartedWith } from './use-settings.ts';
import { words } from './words.ts';

/** Where alerts go by mail, and whether they get there. */
export const MailTab = () => (
	<div className={classes.sections}>
		<Read query={useMail()} what={mailWords.what}>
			{(mail) => (
				<section aria-label={mailWords.title}>
					<h2>{mailWords.title}</h2>
					<Standing mail={mail} />
					<MailForm key={mail.server === null ? 'none' : 'some'} mail={mail} />
				</section>
			)}
		</Read>
		<Alerts />
	</div>
);

const Standing = ({ mail }: { mail: MailView }) => {
	const { server, waiting, gaveUp, dropped, lastSentAt, failingSince, error } = mail;
	const [asked, ask] = useDisclosure(false);
	const remove = useAct({
		act: () => removeMail(http),
		key: keys.mail,
		done: mailWords.removed,
		failed: mailWords.notRemoved,
		onDone: ask.close,
	});
	if (server === null) return <p className={classes.lead}>{`${mailWords.lead} ${mailWords.none}`}</p>;
	return (
		<>
			<p className={classes.lead}>{mailWords.lead}</p>
			<p className={classes.sum}>
				{mailWords.by(server.host, server.port, server.to.length)}{' '}
				{lastSentAt === null ? (
					mailWords.noneSent
				) : (
					<>
						{mailWords.lastSent} <RelativeTime at={lastSentAt} />.
					</>
				)}{' '}
				{waiting > 0 && mailWords.waiting(waiting)} {gaveUp > 0 && mailWords.gaveUp(gaveUp)}{' '}
				{dropped > 0 && mailWords.dropped(dropped)}
			</p>
			{failingSince !== null && (
				<p className={page.fault} role="alert">
					{mailWords.failing} <RelativeTime at={failingSince} />: {error}
				</p>
			)}
			<div className={classes.acts}>
				<MailTestButton />
				<Button variant="default" onClick={ask.open}>
					{mailWords.remove}
				</Button>
				<CopyButton text="millrace admin mail show" what={words.asCommand} />
			</div>
			<ConfirmDialog
				opened={asked}
				title={mailWords.removeTitle}
				act={mailWords.remove}
				busy={remove.isPending}
				onConfirm={() => remove.mutate()}
				onClose={ask.close}
			>
				{mailWords.removeText}
			</ConfirmDialog>
		</>
	);
};

const Alerts = () => {
	const settings = useStartedWith();
	const test = useAct({
		act: () => testAlerts(http),
		key: keys.mail,
		done: ({ administrators, webhooks, mail }) => mailWords.alertsTold(administrators, webhooks, mail),
		failed: mailWords.alertsFailed,
	});
	const run = () => test.mutate();
	useCommands([{ id: 'alerts test', group: mailWords.title, word: mailWords.alertsTest, icon: 'bell', run }]);
	const quiet = settings.data?.items.find(({ name }) => name === 'quietHours')?.value;
	return (
		<section aria-label={mailWords.alerts}>
			<h2>{mailWords.alerts}</h2>
			<p className={classes.lead}>{mailWords.alertsText}</p>
			{quiet !== undefined && (
				<p className={page.quiet}>
					{quiet === null ? mailWords.noQuiet : mailWords.quiet(settingInWords('quietHours', quiet))}
				</p>
			)}
			<div className={classes.acts}>
				<Button variant="default" loading={test.isPending} onClick={run}>
					{mailWords.alertsTest}
				</Button>
				<CopyButton text="millrace admin alerts test" what={words.asCommand} />
			</div>
		</section>
	);
};
