import { parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '../../shared/coded-error.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { WhatIfProgress } from '../../shared/protocol/what-if.ts';
import { READING_SHARE, type ReadTrace, type WhatIfOrder } from './order.ts';
import { type Beside, type PlayOrder, playBeside, servePlay } from './play-thread.ts';
import { type Tell, teller } from './progress.ts';
import { type Answer, Question, workOut } from './work-out.ts';

/** What a thread ends with. */
export type WhatIfEnd = { answer: Answer } | { refusal: { code: ErrorCode; detail: string } };

type Progress = Pick<WhatIfProgress, 'step' | 'share'>;
type Pass = (progress: Progress) => void;

/** What a thread says before and at its end. */
export type WhatIfMessage = { progress: Progress } | WhatIfEnd;

/** Of the whole time, roughly: how much there is to play is known only when it has been read. */
const PARTS = { reading: [0, 0.3], before: [0.3, 0.65], after: [0.65, 1] } as const;
/** How often it is looked how far the other thread is, once this one has nothing else to do. */
const LOOK_EVERY_MS = 100;

/**
 * The body of a thread that works out one what-if. It opens the record itself: nothing of it is on the event loop.
 * `entry` is the file that calls this: a second such thread plays one of the two runs.
 */
export const serveWhatIf = async (entry: URL, read: ReadTrace): Promise<void> => {
	if (!parentPort) throw new Error('this file is the entry of a thread');
	const port = parentPort;
	const order = workerData as WhatIfOrder | PlayOrder;
	if ('share' in order) await servePlay(order, read, port);
	else port.postMessage(await endOf(order, entry, read, (progress) => port.postMessage({ progress })));
};

const endOf = async (order: WhatIfOrder, entry: URL, read: ReadTrace, pass: Pass): Promise<WhatIfEnd> => {
	const { besideHeapMb } = order;
	const beside = besideHeapMb === null ? null : playBeside(entry, order, besideHeapMb);
	try {
		return { answer: await (beside ? workOutAtOnce(order, read, beside, pass) : workOutInTurn(order, read, pass)) };
	} catch (error) {
		if (!(error instanceof CodedError)) throw error;
		return { refusal: { code: error.code, detail: error.message } };
	} finally {
		beside?.end();
	}
};

/** Plays one run after the other. */
const workOutInTurn = async (order: WhatIfOrder, read: ReadTrace, pass: Pass): Promise<Answer> => {
	const tellOf = (step: Progress['step']): Tell => {
		const [from, to] = PARTS[step];
		return teller((share) => pass({ step, share: from + share * (to - from) }));
	};
	return workOut(await read(order, tellOf('reading')), order, tellOf);
};

/** Plays both runs at the same time: the one as it was in a second thread. */
const workOutAtOnce = async (order: WhatIfOrder, read: ReadTrace, beside: Beside, pass: Pass): Promise<Answer> => {
	let step: Progress['step'] = 'reading';
	const tell = teller((share) => pass({ step, share }));
	const tellOwn = (own: number) => tell((beside.share + own) / 2);
	const question = new Question(await read(order, (share) => tellOwn(share * READING_SHARE)), order);
	const after = question.play('after', (share) => {
		step = beside.share < 1 ? 'before' : 'after';
		tellOwn(READING_SHARE + share * (1 - READING_SHARE));
	});
	const timer = setInterval(() => tellOwn(1), LOOK_EVERY_MS);
	try {
		return question.answer(await beside.played, after);
	} finally {
		clearInterval(timer);
	}
};
