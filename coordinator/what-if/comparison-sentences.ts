import { durationInWords } from '../../shared/duration-words.ts';
import type { Comparison } from '../../shared/protocol/what-if.ts';

/** Differences below both are not worth a word: a simulation is no clock. */
const SAME_MS = 50;
const SAME_SHARE = 0.02;
const MOST_CLASSES = 10;

/** Sums a comparison up. */
export const comparisonSentences = ({ classes, people, totals }: Omit<Comparison, 'sentences'>): string[] => {
	const ofClasses = classes
		.filter(({ before, after }) => before.waits.tasks + after.waits.tasks > 0)
		.map(({ name, before, after }) => classSentence(name, before.waits.p50Ms, after.waits.p50Ms));
	const changed = ofClasses.filter((one) => one.change > 0).sort((a, b) => b.change - a.change);
	const sentences = changed.slice(0, MOST_CLASSES).map(({ text }) => text);
	const same = ofClasses.length - changed.length;
	if (changed.length === 0) sentences.push('No class waits noticeably longer or shorter at the median.');
	else if (same > 0)
		sentences.push(`${counted(same, 'other class waits', 'other classes wait')} as long as before at the median.`);
	sentences.push(peopleSentence(people));
	const { before, after } = totals;
	const more = after.neverStarted - before.neverStarted;
	if (more !== 0) {
		const what = `${counted(after.neverStarted, 'task', 'tasks')} had not started at the end of the period`;
		sentences.push(`${what}; ${before.neverStarted} as it was.`);
	}
	const points = Math.round(after.used * 100) - Math.round(before.used * 100);
	if (points !== 0)
		sentences.push(`${percent(after.used)} of the slots are in use instead of ${percent(before.used)}.`);
	if (after.preempted !== before.preempted) {
		const runs = counted(after.preempted, 'run', 'runs');
		sentences.push(`${runs} of idle-only work had to give a slot back; ${before.preempted} as it was.`);
	}
	return sentences;
};

/** `change` is the size of the difference, zero when it is not worth a word. */
const classSentence = (name: string, before: number, after: number): { text: string; change: number } => {
	const difference = Math.abs(after - before);
	if (difference < SAME_MS || difference < before * SAME_SHARE) return { text: '', change: 0 };
	const times = `${durationInWords(after)} instead of ${durationInWords(before)}`;
	if (before < SAME_MS)
		return { text: `Class ${name} waits at the median, where it did not: ${times}.`, change: difference };
	if (after < SAME_MS)
		return { text: `Class ${name} does not wait any more at the median: ${times}.`, change: difference };
	const ratio = after / before;
	const how =
		ratio >= 2
			? `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times as long`
			: `${Math.round(Math.abs(ratio - 1) * 100)} % ${ratio > 1 ? 'longer' : 'shorter'}`;
	return { text: `Class ${name} waits ${how} at the median: ${times}.`, change: difference };
};

/** By the measure that the counts and lists of people go by, and no other. */
const peopleSentence = ({ total, losers, winners }: Comparison['people']): string => {
	if (losers === 0 && winners === 0) return 'Nobody’s median wait changes by more than a second and 5 %.';
	const of = `of ${counted(total, 'person', 'people')}`;
	const how = 'at the median (by more than a second and 5 %)';
	if (losers === 0) return `${winners} ${of} ${waits(winners)} noticeably shorter ${how}; nobody longer.`;
	if (winners === 0) return `${losers} ${of} ${waits(losers)} noticeably longer ${how}; nobody shorter.`;
	return `${losers} ${of} ${waits(losers)} noticeably longer ${how}; ${winners} shorter.`;
};

const waits = (people: number): string => (people === 1 ? 'waits' : 'wait');

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
