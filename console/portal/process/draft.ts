import type { Json } from '../../../shared/protocol/json.ts';
import { type Filing, filingSchema } from '../../../shared/protocol/result.ts';
import type { Spread } from './fit.ts';
import { WHENS, type When } from './when.ts';

/** What was chosen so far, and is in the address: a page that is read again, or sent to somebody, is the same. */
export interface Draft {
	/** Empty: none yet. */
	type: string;
	when: When;
	/** Null: the own one. */
	serviceClass: string | null;
	/** As it was written; empty: that of the type. */
	routingKey: string;
	/** Null: as is usual for the type. */
	spread: Spread | null;
	filing: Filing;
	/** Kinds of files of a folder, as they were written; empty: whatever the type takes. */
	kinds: string;
	/** Also files of folders in the folder. */
	recursive: boolean;
	/** The folder whose uploads start it; null: the one of the files. */
	watched: string | null;
	settings: Record<string, Json>;
}

export const KEEP: Filing = { place: 'keep', conflict: 'version' };

/** Longer ones are left out: an address is no place for texts. */
const MOST_SETTINGS = 2_000;

const filingOf = (place: string, conflict: string): Filing => {
	const rest = { conflict: conflict === 'rename' ? 'rename' : 'version' } as const;
	if (place === 'beside') return { place, ...rest };
	const read = filingSchema.safeParse({ place: 'folder', folder: place, ...rest });
	return read.success ? read.data : KEEP;
};

const settingsOf = (text: string): Record<string, Json> => {
	try {
		const value = JSON.parse(text) as Json;
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
	} catch {
		return {};
	}
};

/** The draft of an address; what is none of ours in it is as if it were not there. */
export const draftOf = (params: URLSearchParams): Draft => {
	const get = (name: string) => params.get(name) ?? '';
	const spread = get('spread');
	return {
		type: get('type'),
		when: WHENS.find((one) => one === get('when')) ?? 'now',
		serviceClass: get('class') || null,
		routingKey: get('key'),
		spread: spread === 'each' || spread === 'together' ? spread : null,
		filing: filingOf(get('results'), get('conflict')),
		kinds: get('kinds'),
		recursive: get('flat') === '',
		watched: get('watch') || null,
		settings: settingsOf(get('settings')),
	};
};

/** The same address with another draft in it. */
export const addressOf = (draft: Draft, before: URLSearchParams): URLSearchParams => {
	const after = new URLSearchParams(before);
	const { filing } = draft;
	const settings = JSON.stringify(draft.settings);
	const words: Record<string, string> = {
		type: draft.type,
		when: draft.when === 'now' ? '' : draft.when,
		class: draft.serviceClass ?? '',
		key: draft.routingKey,
		spread: draft.spread ?? '',
		results: filing.place === 'keep' ? '' : filing.place === 'beside' ? 'beside' : (filing.folder ?? ''),
		conflict: filing.place !== 'keep' && filing.conflict === 'rename' ? 'rename' : '',
		kinds: draft.kinds,
		flat: draft.recursive ? '' : 'yes',
		watch: draft.watched ?? '',
		settings: settings === '{}' || settings.length > MOST_SETTINGS ? '' : settings,
	};
	for (const [name, word] of Object.entries(words)) {
		if (word === '') after.delete(name);
		else after.set(name, word);
	}
	return after;
};
