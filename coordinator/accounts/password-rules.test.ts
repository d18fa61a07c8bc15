import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNewPassword, isCommonPassword, normalisePassword } from './password-rules.ts';

const refusal = (password: string, username = 'ada'): string | null => {
	try {
		checkNewPassword(password, username);
		return null;
	} catch (error) {
		return (error as { code: string }).code;
	}
};

describe('a new password', () => {
	it.each([
		'correct horse battery staple',
		'correct horse battery staple ada',
		'tr0ub4dor&3 xkcd',
		'ünïcödé wörter',
		'        x',
	])('may be anything long enough that is not guessed first: %s', (password) => expect(refusal(password)).toBeNull());

	it('has 8 to 128 characters, counted as people do', () => {
		expect(refusal('pony-ea')).toBe('password-refused');
		expect(refusal('pony-eat')).toBeNull();
		const long = 'the pony eats maps; '.repeat(7).slice(0, 128);
		expect(refusal(long)).toBeNull();
		expect(refusal(`${long}x`)).toBe('password-refused');
		expect(refusal('🐴🗺️🍽️🐎')).toBe('password-refused');
		expect(refusal(`${long.slice(0, 127)}🐴`)).toBeNull();
	});

	it('is never cut, whatever it is: two that differ anywhere stay different', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme', minLength: 8, maxLength: 128 }),
				fc.string({ minLength: 1 }),
				(a, more) => {
					expect(normalisePassword(a + more)).not.toBe(normalisePassword(a));
				},
			),
		);
	});

	it('is the same however a keyboard composes its letters', () => {
		expect(normalisePassword('Zu\u0308rich ﬁne')).toBe(normalisePassword('Zürich fine'));
	});

	it.each(['AdaLovelace', 'adalovelace1', '123AdaLovelace!', 'ＡdaLovelace'])('is not the user name: %s', (password) =>
		expect(refusal(password, 'adalovelace')).toBe('password-refused'),
	);

	it('holds no half characters', () => expect(refusal('pony eats \ud800 maps')).toBe('password-refused'));

	it('with random characters is never taken for a common one', () => {
		const characters = fc.constantFrom(...'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789');
		const random = fc.array(characters, { minLength: 16, maxLength: 40, size: 'max' }).map((all) => all.join(''));
		fc.assert(fc.property(random, (password) => !isCommonPassword(password) || new Set(password).size < 6));
	});
});

// From published lists of the most used passwords, those of 8 and more characters.
const WORST = `
12345678 123456789 1234567890 password qwerty123 1q2w3e4r 11111111 sunshine 88888888 qwertyuiop 1234qwer 12341234
princess football baseball iloveyou password1 superman 1qaz2wsx trustno1 starwars computer michelle corvette jennifer
asdfghjkl mercedes 87654321 maverick1 liverpool samantha victoria charlie1 whatever passw0rd p@ssw0rd P@$$w0rd Password123
Password123! Summer2024 Winter2023! Welcome1 Welcome123 letmein1 admin123 administrator changeme changeme123 Monday123
abc123456 abcd1234 aaaaaaaa abcabcabc 1111111111 00000000 asdfasdf qazwsxedc zaq12wsx 1q2w3e4r5t internet dragon123
monkey123 shadow12 master123 football1 baseball1 superman1 batman123 pokemon1 jordan23 michael1 jessica1 ashley12 qwertzuiop
azertyuiop 147258369 123123123 112233445566 999999999 zxcvbnm1 zxcvbnm123 iloveyou1 iloveyou2 princess1 sunshine1
adminadmin passpass testtest millrace millrace123 987654321 0987654321 123qweasd qwe123qwe 1qazxsw2 hello123 hellohello
`
	.trim()
	.split(/\s+/);

describe('the most common passwords', () => {
	it.each(WORST)('are refused: %s', (password) => expect(isCommonPassword(password)).toBe(true));
});
