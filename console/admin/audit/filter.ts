import type { AuditQuery } from '../../../shared/protocol/audit.ts';
import { quoteForShell } from '../../kit/quote-for-shell.ts';

/** What of the search is in the address. */
export interface AuditFilter {
	who: string;
	what: string;
	object: string;
	outcome: string;
	text: string;
	/** Such as `24h`; `between`: by `from` and `to`, as the fields of dates and times write them. */
	within: string;
	from: string;
	to: string;
}

export const FILTER_NAMES = ['who', 'what', 'object', 'outcome', 'text', 'within', 'from', 'to'] as const;

const HOUR_MS = 3_600_000;
const WITHIN_MS: Readonly<Record<string, number>> = {
	'1h': HOUR_MS,
	'24h': 24 * HOUR_MS,
	'7d': 7 * 24 * HOUR_MS,
	'30d': 30 * 24 * HOUR_MS,
};

export const isFiltered = (filter: AuditFilter): boolean => FILTER_NAMES.some((name) => filter[name] !== '');

/** What a field of date and time holds, in the time of whoever looks; nothing for what is none. */
const instantOf = (local: string): string | undefined => {
	const at = Date.parse(local);
	return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

const timesOf = ({ within, from, to }: AuditFilter, now: number): { from?: string; to?: string } => {
	if (within === 'between') {
		const [begin, end] = [instantOf(from), instantOf(to)];
		return { ...(begin === undefined ? {} : { from: begin }), ...(end === undefined ? {} : { to: end }) };
	}
	const ms = Object.hasOwn(WITHIN_MS, within) ? WITHIN_MS[within] : undefined;
	return ms === undefined ? {} : { from: new Date(now - ms).toISOString() };
};

/** The search as the API takes it; `actor` is `who` as an id. */
export const queryOf = (filter: AuditFilter, actor: string, now: number): AuditQuery => {
	const { what, object, outcome, text } = filter;
	return {
		...(actor === '' ? {} : { actor }),
		...(what === '' ? {} : { action: what }),
		...(object === '' ? {} : { object }),
		...(outcome === 'done' || outcome === 'refused' ? { outcome } : {}),
		...(text === '' ? {} : { text: text.slice(0, 200) }),
		...timesOf(filter, now),
	};
};

/** The command that lists the same. */
export const commandOf = (filter: AuditFilter): string => {
	const { who, what, object, outcome, text, within } = filter;
	const times = within === 'between' ? timesOf(filter, 0) : Object.hasOwn(WITHIN_MS, within) ? { from: within } : {};
	const options = { by: who, action: what, object, text, ...times };
	const words = Object.entries(options).flatMap(([name, value]) =>
		value === '' || value === undefined ? [] : [`--${name}`, quoteForShell(value)],
	);
	return ['millrace admin audit list', ...words, ...(outcome === 'refused' ? ['--refused'] : [])].join(' ');
};
