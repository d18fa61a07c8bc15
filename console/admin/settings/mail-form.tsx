import { Button, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { setMail } from '../../../shared/client/mail.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { MAIL_PORTS, MAIL_TLS, type MailTls, type MailView } from '../../../shared/protocol/mail.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { changedMeanwhile, draftOf, type MailDraft, wishOf } from './mail-draft.ts';
import { mailWords } from './mail-words.ts';
import classes from './settings.module.css';

const TLS_WORDS: Record<MailTls, string> = {
	starttls: mailWords.starttls,
	implicit: mailWords.implicit,
	none: mailWords.noTls,
};

/** By which server, and to whom. What somebody else changes meanwhile is told before it is replaced. */
export const MailForm = ({ mail }: { mail: MailView }) => {
	const [basis, setBasis] = useState(mail);
	const [draft, setDraft] = useState(() => draftOf(mail.server));
	const save = useAct({
		act: (against: MailView) => setMail(http, wishOf(draft), against.server === null ? null : against.version),
		key: keys.mail,
		done: mailWords.saved,
		failed: mailWords.notSaved,
		onDone(after) {
			setBasis(after);
			setDraft(draftOf(after.server));
		},
	});
	const isStale = save.error instanceof CodedError && save.error.code === 'precondition-failed';
	const meanwhile = isStale ? changedMeanwhile(basis.server, mail.server) : [];
	const field = (name: Exclude<keyof MailDraft, 'tls'>) => ({
		label: mailWords[name],
		value: draft[name],
		onChange: (event: { currentTarget: { value: string } }) => {
			const { value } = event.currentTarget;
			setDraft((before) => ({ ...before, [name]: value }));
		},
	});
	return (
		<form
			className={classes.form}
			onSubmit={(event) => {
				event.preventDefault();
				// Who was told what has changed and saves again means it.
				save.mutate(isStale ? mail : basis);
			}}
		>
			<TextInput {...field('host')} required placeholder="smtp.example.org" />
			<TextInput
				{...field('port')}
				inputMode="numeric"
				pattern="[0-9]{1,5}"
				description={mailWords.portHint(MAIL_PORTS[draft.tls])}
			/>
			<Select
				label={mailWords.tls}
				data={MAIL_TLS.map((value) => ({ value, label: TLS_WORDS[value] }))}
				value={draft.tls}
				allowDeselect={false}
				onChange={(tls) => setDraft((before) => ({ ...before, tls: tls as MailTls }))}
			/>
			<TextInput {...field('user')} autoComplete="off" description={mailWords.userHint} />
			<PasswordInput
				{...field('password')}
				autoComplete="new-password"
				description={mail.server?.hasPassword ? mailWords.passwordKept : mailWords.passwordNone}
			/>
			<TextInput {...field('from')} required type="email" placeholder="millrace@example.org" />
			<Textarea {...field('to')} required autosize minRows={1} description={mailWords.toHint} />
			<Textarea
				{...field('ca')}
				autosize
				minRows={1}
				maxRows={8}
				spellCheck={false}
				description={mail.server?.hasCa ? mailWords.caKept : mailWords.caHint}
			/>
			<div className={classes.formEnd}>
				{isStale ? (
					<div className={classes.stale} role="alert">
						<strong>{mailWords.changed}.</strong> {mailWords.changedText}
						<ul>
							{meanwhile.map(({ name, was, is }) => (
								<li key={name}>{mailWords.wasIs(name, was, is)}</li>
							))}
						</ul>
					</div>
				) : (
					save.error && (
						<p className={classes.fault} role="alert">
							{errorText(save.error)}
						</p>
					)
				)}
				<Button type="submit" loading={save.isPending}>
					{mailWords.save}
				</Button>
			</div>
		</form>
	);
};
