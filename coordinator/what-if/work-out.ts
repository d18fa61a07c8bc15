import { CodedError } from '../../shared/coded-error.ts';
import type { Comparison } from '../../shared/protocol/what-if.ts';
import type { Trace } from '../journal/trace.ts';
import { changed, type Wish } from './changed.ts';
import { compare } from './compare.ts';
import { limitSentences } from './limit-sentences.ts';
import { notesOn } from './notes.ts';
import { Period, type Played } from './period.ts';
import type { Tell } from './progress.ts';

/** What is asked of a trace. */
export interface Terms {
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

export type Answer = Comparison & { tasks: number; fidelity: Fidelity[]; notes: string[] };

/** One of the two runs. */
export type Step = 'before' | 'after';

/** A period that is ready to be played as it was, and as is wished. Throws CodedError. */
export class Question {
	readonly #trace: Trace;
	readonly #period: Period;
	readonly #wished: Period['recorded'];

	constructor(trace: Trace, { wish, mostTasks, linkGraceMs }: Terms) {
		this.#trace = trace;
		this.#period = new Period(trace, linkGraceMs);
		const { tasks, recorded } = this.#period;
		if (tasks === 0) {
			throw new CodedError(
				'nothing-recorded',
				'No task is recorded in that time. Choose a time in which there was work.',
			);
		}
		if (trace.isCut || tasks > mostTasks) {
			const most = mostTasks.toLocaleString('en');
			throw new CodedError('period-too-long', `There are more than ${most} tasks in that time. Choose a shorter one.`);
		}
		this.#wished = changed(recorded, wish);
	}

	play(step: Step, tell: Tell): Played {
		return this.#period.play(step === 'before' ? this.#period.recorded : this.#wished, tell);
	}

	answer(before: Played, after: Played): Answer {
		const simulated = new Map(before.classes.map(({ name, waits }) => [name, waits.p50Ms]));
		const fidelity = this.#period.realMedians().map(({ serviceClass, tasks, p50Ms }): Fidelity => {
			return { serviceClass, tasks, realP50Ms: p50Ms, simulatedP50Ms: simulated.get(serviceClass) ?? 0 };
		});
		const comparison = compare(before, after);
		const sentences = [...comparison.sentences, ...limitSentences(before.limits, after.limits)];
		const { tasks, unended } = this.#period;
		return { ...comparison, sentences, tasks, fidelity, notes: notesOn(this.#trace, unended) };
	}
}

/** Plays a period as it was and as is wished, one after the other, and compares. Throws CodedError. */
export const workOut = (trace: Trace, terms: Terms, tellOf: (step: Step) => Tell = () => () => {}): Answer => {
	const question = new Question(trace, terms);
	const before = question.play('before', tellOf('before'));
	return question.answer(before, question.play('after', tellOf('after')));
};
