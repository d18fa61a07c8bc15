import { HttpClient } from '../../../shared/client/http-client.ts';
import { pause } from '../../../shared/client/retry.ts';
import { type SignIn, signInForCookie, signOut } from '../../../shared/client/session.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { ErrorCode } from '../../../shared/protocol/errors.ts';
import type { Context } from '../context.ts';
import { ask } from '../terminal/ask.ts';
import { needTerminal } from './ask-password.ts';

/** After a wrong password the server wants a little patience; so short a wait is waited here. */
const MOST_WAIT_S = 5;
/** Wrong codes that a person may type before the password is to be typed again. */
const MOST_CODES = 3;
const CODE_WANTED: readonly ErrorCode[] = ['second-factor-required', 'second-factor-wrong'];

const cookieOf = async (context: Context, url: string, who: SignIn): Promise<string> => {
	const anybody = new HttpClient({ baseUrl: url, auth: { kind: 'none' } });
	for (;;) {
		try {
			return await signInForCookie(anybody, who);
		} catch (error) {
			const seconds = error instanceof CodedError && error.status === 429 ? error.retryAfter : undefined;
			if (seconds === undefined || seconds > MOST_WAIT_S) throw error;
			context.out.note(`Somebody has just tried a wrong password or code: waiting ${seconds} s.`);
			await pause(Math.max(1, seconds) * 1_000, context.signal);
		}
	}
};

/** The same, and asks for the code of a second factor where there is one and none was given. */
const cookieWithCode = async (context: Context, url: string, who: SignIn): Promise<string> => {
	let { code } = who;
	for (let asked = 0; ; asked++) {
		try {
			return await cookieOf(context, url, { ...who, code });
		} catch (error) {
			const isAsked = error instanceof CodedError && CODE_WANTED.includes(error.code);
			if (!isAsked || who.code !== undefined || asked === MOST_CODES) throw error;
			needTerminal(context, 'Give the code of your second factor by --code.');
			if (asked > 0) context.out.note(`${error.message}.`);
			code = (await ask('Code, or a recovery code: ', context)).trim();
			// Nothing at all would be another right password without a code.
			if (code === '') throw error;
		}
	}
};

/** Signs in for something that no token may do, or to make one; the session ends with it. */
export const withSession = async <T>(
	context: Context,
	url: string,
	who: SignIn,
	act: (http: HttpClient) => Promise<T>,
): Promise<T> => {
	const cookie = await cookieWithCode(context, url, who);
	const session = new HttpClient({ baseUrl: url, auth: { kind: 'cookie', cookie } });
	try {
		return await act(session);
	} finally {
		await signOut(session).catch(() => {});
	}
};
