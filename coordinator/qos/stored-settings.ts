import type { Json } from '../../shared/protocol/json.ts';
import { type ServiceClassSettings, serviceClassSettingsSchema } from '../../shared/protocol/service-class.ts';

/** Settings as they lie in the ledger: what is left out there is plain. */
export const readSettings = (text: string): ServiceClassSettings => serviceClassSettingsSchema.parse(JSON.parse(text));

/** Longer values are told in the class's history, not in the audit log. Characters of JSON. */
const MOST_AUDITED = 400;

/** The settings that differ, before and after, small enough for the audit log. */
export const changedSettings = (
	before: ServiceClassSettings | null,
	after: ServiceClassSettings | null,
): Record<'before' | 'after', Record<string, Json>> => {
	const changed = { before: {} as Record<string, Json>, after: {} as Record<string, Json> };
	const keys = Object.keys(before ?? after ?? {}) as (keyof ServiceClassSettings)[];
	for (const key of keys) {
		const [was, is] = [JSON.stringify(before?.[key] ?? null), JSON.stringify(after?.[key] ?? null)];
		if (was === is) continue;
		if (before) changed.before[key] = short(was);
		if (after) changed.after[key] = short(is);
	}
	return changed;
};

const short = (text: string): Json =>
	text.length > MOST_AUDITED ? 'long: see the history' : (JSON.parse(text) as Json);
