import { CodedError } from '../../shared/coded-error.ts';
import { COMMON_PASSWORDS, COMMON_WORDS } from './common-passwords.ts';

const LEAST = 8;
const MOST = 128;
/** What people put around a common word to please other rules: so much of it does not make a good password. */
const MOST_DECORATION = 6;

const ROWS = [
	'qwertyuiop',
	'qwertzuiop',
	'azertyuiop',
	'asdfghjkl',
	'zxcvbnm',
	'yxcvbnm',
	'1234567890',
	'abcdefghijklmnopqrstuvwxyz',
];
const COLUMNS = ['1qaz2wsx3edc4rfv5tgb6yhn7ujm', 'qazwsxedcrfvtgbyhnujm', '!@#$%^&*()'];
const WALKS = [...ROWS, ...COLUMNS].flatMap((walk) => [walk + walk, reversed(walk + walk)]);

const LEET: Record<string, string> = {
	'0': 'o',
	'1': 'i',
	'3': 'e',
	'4': 'a',
	'5': 's',
	'7': 't',
	'@': 'a',
	$: 's',
	'!': 'i',
};

function reversed(text: string): string {
	return [...text].reverse().join('');
}

/** The form in which a password is hashed: however a keyboard composes its letters, they are the same. Never cut. */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/** Throws `password-refused` with a sentence that says why. There are no rules about kinds of characters. */
export const checkNewPassword = (password: string, username: string): void => {
	const plain = normalisePassword(password);
	// Half a surrogate pair has no UTF-8: several such passwords would be one.
	if (Buffer.from(plain).toString() !== plain)
		throw new CodedError('password-refused', 'The password has a character that is none.');
	const length = [...plain].length;
	if (length < LEAST) {
		throw new CodedError(
			'password-refused',
			`The password has ${length} characters; it needs ${LEAST}, and 15 are better.`,
		);
	}
	if (length > MOST) throw new CodedError('password-refused', `The password is longer than ${MOST} characters.`);
	if (isDecorated(plain.toLowerCase(), new Set([username.normalize('NFKC').toLowerCase()]))) {
		throw new CodedError('password-refused', 'The password is the user name. Take something that others cannot know.');
	}
	if (isCommonPassword(plain)) {
		throw new CodedError(
			'password-refused',
			'The password is among the first that are guessed. Several words are better.',
		);
	}
};

/** Whether a password is among those that are tried first. */
export const isCommonPassword = (password: string): boolean => {
	const lower = password.toLowerCase();
	return COMMON_PASSWORDS.has(lower) || isRepetition(lower) || isWalk(lower) || isDecorated(lower, COMMON_WORDS);
};

/** `aaaaaaaa`, `abcabcabc`, `12341234`: one short piece again and again. */
const isRepetition = (text: string): boolean => {
	const match = /^(.{1,4}?)\1+(.{0,3})$/su.exec(text);
	return match !== null && match[1]!.startsWith(match[2]!);
};

/** `12345678`, `poiuytrewq`, `qwerty123`, `123qweasd`, `112233`: along keyboard, alphabet or digits, in pieces of three and more. */
const isWalk = (text: string): boolean => {
	const single = text.replace(/(.)\1/gsu, '$1');
	const walked = single.length * 2 === text.length ? single : text;
	// reachable[n]: the first n characters are made of walks.
	const reachable = [true];
	for (let end = 1; end <= walked.length; end++) {
		reachable[end] = reachable.some((yes, start) => {
			const piece = walked.slice(start, end);
			return yes && piece.length >= 3 && WALKS.some((walk) => walk.includes(piece));
		});
	}
	return reachable[walked.length] === true;
};

/** A word, perhaps in leet, perhaps twice, with at most a few digits and signs around it: `P@ssw0rd`, `Summer2024!`, `1monkey1`. */
const isDecorated = (lower: string, words: ReadonlySet<string>): boolean => {
	for (const text of [lower, fromLeet(lower)]) {
		if (words.has(text)) return true;
	}
	const core = /^[^\p{L}]*(.*?)[^\p{L}]*$/su.exec(lower)?.[1] ?? '';
	// `Pa$$w0rd1!`: signs inside the word are leet, those around it are decoration, and either end may be both.
	const cores = [core, fromLeet(core), fromLeet(lower.replace(/[\d\W_]{0,6}$/su, ''))];
	const half = core.slice(0, core.length / 2);
	if (half + half === core) cores.push(half);
	return cores.some(
		(word) => words.has(word) && lower.length - word.length <= (word === half ? half.length : 0) + MOST_DECORATION,
	);
};

const fromLeet = (text: string): string => text.replace(/[013457@$!]/g, (sign) => LEET[sign]!);
