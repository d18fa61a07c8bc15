import { CodedError } from '../../../shared/coded-error.ts';
import type { Profile } from '../../bridge.ts';
import { isOwnUrl } from './address.ts';
import { answerAsset } from './assets.ts';
import type { PassOn } from './pass-on.ts';
import { problemAnswer } from './problem.ts';

/** Of the coordinator's addresses these are data for the page; all others are pages of its own. */
const DATA = /^\/(api\/v1(\/|$)|healthz$|readyz$)/;

/** Before the program is ready, else it counts for nothing. Nothing here goes around the content security policy. */
export const SCHEME_PRIVILEGES = { standard: true, secure: true, supportFetchAPI: true, stream: true } as const;

/** Answers everything that the window asks for at our own scheme. */
export const appProtocol =
	(parts: { folder: string; current(): Profile | null; passOn: PassOn }) =>
	async (request: Request): Promise<Response> => {
		if (!isOwnUrl(request.url)) return new Response(null, { status: 404 });
		const { pathname } = new URL(request.url);
		const profile = parts.current();
		if (!DATA.test(pathname)) return answerAsset(parts.folder, profile, request);
		if (profile === null)
			return problemAnswer(
				new CodedError('no-coordinator', 'No coordinator is chosen. Choose one under Coordinators.'),
			);
		return parts.passOn.answer(profile, request);
	};
