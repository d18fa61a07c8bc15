import { parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '../../shared/coded-error.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { WhatIfProgress } from '../../shared/protocol/what-if.ts';
import type { Trace } from '../journal/trace.ts';
import { type PlayOrder, playBeside, servePlay } from './play-thread.ts';
import { type Tell, teller } from './progress.ts';
import { type Answer, Question, type Terms, workOut } from './work-out.ts';

/** What a thread is started with. */
export interface WhatIfOrder extends Terms {
	/** The ledger's. */
	file: string;
	from: number;
	to: number;
	/** The memory of a second thread, by which both runs are played at once; null: one after the other. */
	besideHeapMb: number | null;
}

/** What a thread ends with. */
export type WhatIfEnd = { answer: Answer } | { refusal: { code: ErrorCode; detail: string } };

type Progress = Pick<WhatIfProgress, 'step' | 'share'>;

/** What a thread says before and at its end. */
export type WhatIfMessage = { progress: Progress } | WhatIfEnd;

type ReadTrace = (order: WhatIfOrder, tell: Tell) => Promise<Trace>;

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
	if ('trace' in order) servePlay(order, port);
	else port.postMessage(await endOf(order, entry, read, (progress) => port.postMessage({ progress })));
};

const endOf = async (
	order: WhatIfOrder,
	entry: URL,
	read: ReadTrace,
	pass: (progress: Progress) => void,
): Promise<WhatIfEnd> => {
	const tellOf = (step: Progress['step']): Tell => {
		const [from, to] = PARTS[step];
		return teller((share) => pass({ step, share: from + share * (to - from) }));
	};
	try {
		const trace = await read(order, tellOf('reading'));
		// What is cut is refused: it is not copied for that.
		const { besideHeapMb } = order;
		if (besideHeapMb === null || trace.isCut) return { answer: workOut(trace, order, tellOf) };
		return { answer: await workOutAtOnce(trace, order, { entry, besideHeapMb, pass }) };
	} catch (error) {
		if (!(error instanceof CodedError)) throw error;
		return { refusal: { code: error.code, detail: error.message } };
	}
};

/** Plays both runs at the same time: the one as it was in a second thread. */
const workOutAtOnce = async (
	trace: Trace,
	order: WhatIfOrder,
	how: { entry: URL; besideHeapMb: number; pass: (progress: Progress) => void },
): Promise<Answer> => {
	const { linkGraceMs } = order;
	const beside = playBeside(how.entry, { trace, linkGraceMs }, how.besideHeapMb);
	const question = new Question(trace, order);
	const from = PARTS.before[0];
	const tell = teller((share) => {
		how.pass({ step: beside.share < 1 ? 'before' : 'after', share: from + share * (1 - from) });
	});
	const after = question.play('after', (share) => tell((beside.share + share) / 2));
	const timer = setInterval(() => tell((beside.share + 1) / 2), LOOK_EVERY_MS);
	try {
		return question.answer(await beside.played, after);
	} finally {
		clearInterval(timer);
	}
};
