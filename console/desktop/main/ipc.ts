import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { z } from 'zod';
import { LIVE_TOPICS, liveTopicSchema } from '../../../shared/protocol/live-updates.ts';
import { servedQueuesSchema, slotsSchema } from '../../../shared/protocol/node.ts';
import { isOwnUrl } from './address.ts';
import { profileDraftSchema, profileIdSchema } from './profiles.ts';

const none = z.tuple([]);
const idOnly = z.tuple([profileIdSchema]);
const lineId = z.number().int().min(0).max(1_000_000);

/** What the window may ask for, by its channel, and what it must bring. Nothing else is answered. */
export const REQUESTS = {
	'millrace:read-state': none,
	'millrace:save-profile': z.tuple([profileDraftSchema]),
	'millrace:forget-profile': idOnly,
	'millrace:choose-profile': idOnly,
	'millrace:look-at': idOnly,
	'millrace:approve': z.tuple([profileIdSchema, z.string().max(200)]),
	'millrace:read-agent': none,
	'millrace:start-agent': z.tuple([
		z.strictObject({
			concurrency: slotsSchema.nullable(),
			queues: servedQueuesSchema,
			token: z
				.string()
				.regex(/^mnt_[\w-]{1,200}$/)
				.nullable(),
		}),
	]),
	'millrace:stop-agent': none,
	'millrace:open-live': z.tuple([lineId, z.array(liveTopicSchema).max(LIVE_TOPICS.length)]),
	'millrace:close-live': z.tuple([lineId]),
} as const;

export type Channel = keyof typeof REQUESTS;
export type Handlers = { [C in Channel]: (...args: z.output<(typeof REQUESTS)[C]>) => unknown };

/** What goes back: what was asked for, or why not, in a sentence. */
type Answer = { ok: true; value: unknown } | { ok: false; message: string };

/** The page of our own window itself: no frame in it, no other window, nothing from elsewhere. */
export const isOwnPage = (
	event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
	contents: WebContents | null,
): boolean => {
	const { sender, senderFrame } = event;
	if (contents === null || sender !== contents || senderFrame === null) return false;
	return senderFrame.parent === null && isOwnUrl(senderFrame.url);
};

const wrongArguments = (error: z.ZodError): string => error.issues[0]?.message ?? 'The request is malformed.';

/** Answers the page's requests, each after a look at who asks and what. */
export const answerRequests = (
	ipcMain: Pick<IpcMain, 'handle'>,
	own: () => WebContents | null,
	handlers: Handlers,
): void => {
	for (const channel of Object.keys(REQUESTS) as Channel[]) {
		ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<Answer> => {
			if (!isOwnPage(event, own())) throw new Error('refused');
			const parsed = REQUESTS[channel].safeParse(args);
			if (!parsed.success) return { ok: false, message: wrongArguments(parsed.error) };
			try {
				const handle = handlers[channel] as (...given: unknown[]) => unknown;
				return { ok: true, value: await handle(...parsed.data) };
			} catch (error) {
				return { ok: false, message: error instanceof Error ? error.message : 'Something went wrong.' };
			}
		});
	}
};
