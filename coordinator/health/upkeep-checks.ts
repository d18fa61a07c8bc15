import { durationInWords } from '../../shared/duration-words.ts';
import { type Finding, named, notSetUp, well } from './check.ts';
import type { HealthFacts } from './facts.ts';

/** A backup is late when this many of its periods have passed since the last good one. */
const LATE_PERIODS = 1.5;
const FAR_TOO_LATE_PERIODS = 4;
const DAY_MS = 86_400_000;
/** Servers refuse for a minute now and then, and take it the next time. */
const MAIL_WARNS_MS = 5 * 60_000;
const MAIL_FAILS_MS = 60 * 60_000;

/** Whoever made some has others make them now, or has lost the setting. */
const notBackedUp = (lastOkAt: number | null, now: number): Finding => {
	const todo = 'Start the coordinator with --backup-to DIR, on another disk: docs/operations.md.';
	const none = 'No backups are made by themselves';
	if (lastOkAt === null) return notSetUp('backup', `${none}.`, todo);
	const what = `${none}, and the last good one is ${durationInWords(now - lastOkAt)} old.`;
	if (now - lastOkAt <= DAY_MS * LATE_PERIODS) return notSetUp('backup', what, todo);
	return { name: 'backup', state: 'warn', what, do: todo };
};

export const checkBackup = ({ backup, now }: HealthFacts): Finding => {
	if (backup === undefined || backup.everyMs === null) return notBackedUp(backup?.lastOkAt ?? null, now);
	const { lastOkAt, everyMs, why } = backup;
	const age = lastOkAt === null ? Number.POSITIVE_INFINITY : now - lastOkAt;
	const last =
		lastOkAt === null ? 'There is no good backup yet' : `The last good backup is ${durationInWords(age)} old`;
	const failed = why === null ? '' : ` The last try failed: ${why}`;
	if (age <= everyMs * LATE_PERIODS && why === null) return well('backup', `${last}.`);
	const todo = 'Look at the disk that backups go to, then make one: millrace admin backups make';
	const state = age > everyMs * FAR_TOO_LATE_PERIODS && lastOkAt !== null ? 'fail' : 'warn';
	return { name: 'backup', state, what: `${last}.${failed}`, do: todo };
};

export const checkDamaged = ({ damaged }: HealthFacts): Finding => {
	const name = 'damaged-content';
	if (damaged === undefined) {
		return notSetUp(name, 'Contents are not read again to find damage.', 'Turn the scrub on: docs/operations.md.');
	}
	if (damaged.contents === 0) return well(name, 'All contents that were read again are what they were.');
	const many = damaged.contents === 1 ? '1 content is' : `${damaged.contents} contents are`;
	return {
		...{ name, state: 'fail', what: `${many} not what was stored: the disk has lost or changed bytes.` },
		do: 'See which: GET /api/v1/admin/damaged-content. Bring them back from a backup, and have the disk looked at.',
	};
};

export const checkChores = ({ chores }: HealthFacts): Finding => {
	if (chores === undefined) return notSetUp('chores', 'The outcome of chores is not known.', 'Look at the log.');
	if (chores.length === 0) return well('chores', 'All chores went well the last time.');
	return {
		...{ name: 'chores', state: 'warn' },
		what: `Chores failed: ${named(chores.map(({ name, error }) => `${name} (${error.slice(0, 200)})`))}.`,
		do: 'They are tried again by themselves. When they go on failing, the log has all of it: millrace admin chores',
	};
};

export const checkMail = ({ mail, now }: HealthFacts): Finding => {
	const name = 'mail';
	if (!mail) return notSetUp(name, 'Alerts are not sent by mail.', 'Set it up: millrace admin mail set --help');
	const { recipients, failingSince, error, waiting } = mail;
	const to = recipients === 1 ? '1 address' : `${recipients} addresses`;
	const failing = failingSince === null ? 0 : now - failingSince;
	if (failing < MAIL_WARNS_MS) return well(name, `Alerts go to ${to} by mail.`);
	const many = waiting === 1 ? '1 mail waits' : `${waiting} mails wait`;
	return {
		...{ name, state: failing < MAIL_FAILS_MS ? 'warn' : 'fail' },
		what: `For ${durationInWords(failing)} alerts could not be sent by mail, ${many}. ${error ?? ''}`.trim(),
		do: 'Try it out, and set it right: millrace admin mail test',
	};
};
