import { expect, test } from 'vitest';
import type { MailView } from '../../../shared/protocol/mail.ts';
import { changedMeanwhile, draftOf, wishOf } from './mail-draft.ts';

const server: NonNullable<MailView['server']> = {
	...{ host: 'smtp.example.org', port: 587, tls: 'starttls', user: 'm', hasPassword: true },
	...{ from: 'm@example.org', to: ['a@example.org', 'b@example.org'], hasCa: false },
};

test('what is there and what would be sent are the same, without the password', () => {
	expect(wishOf(draftOf(server))).toEqual({
		...{ host: 'smtp.example.org', tls: 'starttls', user: 'm', from: 'm@example.org' },
		to: ['a@example.org', 'b@example.org'],
	});
	expect(wishOf({ ...draftOf({ ...server, port: 2525 }), password: 'x', ca: ' ' })).toMatchObject({
		...{ port: 2525, password: 'x' },
	});
});

test('recipients are told by commas, lines or blanks, and an empty user is none', () => {
	const { to, user } = wishOf({ ...draftOf(null), to: 'a@x.org\n b@x.org;c@x.org,, ' });
	expect(to).toEqual(['a@x.org', 'b@x.org', 'c@x.org']);
	expect(user).toBe(null);
});

test('what somebody else has changed is told by its name', () => {
	expect(changedMeanwhile(server, { ...server, host: 'other.example.org', to: [] })).toEqual([
		{ name: 'host', was: 'smtp.example.org', is: 'other.example.org' },
		{ name: 'to', was: 'a@example.org, b@example.org', is: '' },
	]);
	expect(changedMeanwhile(server, null)).toHaveLength(6);
	expect(changedMeanwhile(null, null)).toEqual([]);
});
