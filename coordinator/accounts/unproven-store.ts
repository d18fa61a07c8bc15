import { writeOperation } from '../database/operation.ts';
import { prepareTellPerson } from '../notices/notice-store.ts';

/** Tells somebody that their password is known to somebody else, it seems. */
export const tellUnproven = writeOperation('accounts.tell-unproven', (db) => {
	const tell = prepareTellPerson(db);
	return (args: { userSeq: number; userId: string; address: string; now: number }): void => {
		const { userSeq, userId, address, now } = args;
		const title = 'Somebody may know your password';
		const text = `Sign-ins with your right password lacked the right code, several times, the last time from ${address}. If it was not you, change your password at once.`;
		tell(userSeq, { kind: 'account', about: 'unproven', subject: userId, title, text }, now);
	};
});
