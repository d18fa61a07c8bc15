import type { LimitShares } from './limit-watch.ts';

/** Less is not worth a sentence: it is an estimate. */
const WORTH_SAYING = 0.1;

const LIMITS = {
	running: 'the class’s caps on what runs at once',
	rate: 'the class’s rate of starts',
	person: 'the cap on what one person runs at once',
} as const;

/** Where waiting was for limits rather than for slots: there more nodes do not help. */
export const limitSentences = (before: LimitShares, after: LimitShares): string[] =>
	[...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) =>
		(['running', 'rate', 'person'] as const).flatMap((kind) => {
			const [was, is] = [before.get(name)?.[kind] ?? 0, after.get(name)?.[kind] ?? 0];
			if (Math.max(was, is) < WORTH_SAYING) return [];
			const shares = `About ${percent(is)} of the waiting in class ${name} (${percent(was)} as it was)`;
			const advice = is < WORTH_SAYING ? '' : ': another limit would shorten it, more nodes would not';
			return [`${shares} is for ${LIMITS[kind]}, not for slots${advice}.`];
		}),
	);

const percent = (share: number): string => `${Math.round(share * 100)} %`;
