import { parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '../../shared/coded-error.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { Comparison, WhatIfProgress } from '../../shared/protocol/what-if.ts';
import type { Trace } from '../journal/trace.ts';
import { changed, type Wish } from './changed.ts';
import { compare } from './compare.ts';
import { limitSentences } from './limit-sentences.ts';
import { notesOn } from './notes.ts';
import { Period } from './period.ts';
import { type Tell, teller } from './progress.ts';

/** What a thread is started with. */
export interface WhatIfOrder {
	/** The ledger's. */
	file: string;
	from: number;
	to: number;
	wish: Wish;
	mostTasks: number;
	/** How long a node whose link was cut may come back before what it holds runs elsewhere. */
	linkGraceMs: number;
}

export interface Fidelity {
	serviceClass: string;
	tasks: number;
	realP50Ms: number;
	simulatedP50Ms: number;
}

/** What a thread ends with. */
export type WhatIfEnd =
	| { answer: Comparison & { tasks: number; fidelity: Fidelity[]; notes: string[] } }
	| { refusal: { code: ErrorCode; detail: string } };

/** What a thread says before and at its end. */
export type WhatIfMessage = { progress: Pick<WhatIfProgress, 'step' | 'share'> } | WhatIfEnd;

type ReadTrace = (order: WhatIfOrder, tell: Tell) => Promise<Trace>;

/** Of the whole time, roughly: how much there is to play is known only when it has been read. */
const PARTS = { reading: [0, 0.3], before: [0.3, 0.65], after: [0.65, 1] } as const;

/** The body of a thread that works out one what-if. It opens the record itself: nothing of it is on the event loop. */
export const serveWhatIf = async (read: ReadTrace): Promise<void> => {
	if (!parentPort) throw new Error('this file is the entry of a thread');
	const port = parentPort;
	const tellOf = (step: WhatIfProgress['step']): Tell => {
		const [from, to] = PARTS[step];
		return teller((share) => port.postMessage({ progress: { step, share: from + share * (to - from) } }));
	};
	port.postMessage(await endOf(workerData as WhatIfOrder, read, tellOf));
};

const endOf = async (
	order: WhatIfOrder,
	read: ReadTrace,
	tellOf: (step: WhatIfProgress['step']) => Tell,
): Promise<WhatIfEnd> => {
	try {
		return { answer: workOut(await read(order, tellOf('reading')), order, tellOf) };
	} catch (error) {
		if (!(error instanceof CodedError)) throw error;
		return { refusal: { code: error.code, detail: error.message } };
	}
};

/** Plays a period as it was and as is wished, and compares. Throws CodedError. */
export const workOut = (
	trace: Trace,
	{ wish, mostTasks, linkGraceMs }: Pick<WhatIfOrder, 'wish' | 'mostTasks' | 'linkGraceMs'>,
	tellOf: (step: 'before' | 'after') => Tell = () => () => {},
) => {
	const period = new Period(trace, linkGraceMs);
	if (period.tasks === 0) {
		throw new CodedError(
			'nothing-recorded',
			'No task is recorded in that time. Choose a time in which there was work.',
		);
	}
	if (trace.isCut || period.tasks > mostTasks) {
		const most = mostTasks.toLocaleString('en');
		throw new CodedError('period-too-long', `There are more than ${most} tasks in that time. Choose a shorter one.`);
	}
	const circumstances = changed(period.recorded, wish);
	const before = period.play(period.recorded, tellOf('before'));
	const after = period.play(circumstances, tellOf('after'));
	const simulated = new Map(before.classes.map(({ name, waits }) => [name, waits.p50Ms]));
	const fidelity = period.realMedians().map(({ serviceClass, tasks, p50Ms }): Fidelity => {
		return { serviceClass, tasks, realP50Ms: p50Ms, simulatedP50Ms: simulated.get(serviceClass) ?? 0 };
	});
	const comparison = compare(before, after);
	const sentences = [...comparison.sentences, ...limitSentences(before.limits, after.limits)];
	return { ...comparison, sentences, tasks: period.tasks, fidelity, notes: notesOn(trace, period.unended) };
};
