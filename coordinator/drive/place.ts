import { CodedError } from '../../shared/coded-error.ts';

/** The areas, by their names in addresses; what is in one's own may be changed. */
export const AREAS = { datasets: { isOwn: false }, files: { isOwn: true } } as const;
export type Area = keyof typeof AREAS;

/** What an address below the drive means. `names` are those of a path, none for the top of the area. */
export type Place = { area: 'top' } | { [A in Area]: { area: A; names: string[] } }[Area];

/** A place in the person's own tree. */
export type OwnPlace = Place & { area: 'files' };

/** Who asks, and from where, as audited. */
export interface Asker {
	userSeq: number;
	userId: string;
	address: string;
}

export const isArea = (name: string): name is Area => Object.hasOwn(AREAS, name);

export const isOwn = (place: Place): place is OwnPlace => place.area !== 'top' && AREAS[place.area].isOwn;

/** The place, if it is in the tree that can be changed at all. Throws `forbidden`. */
export const requireOwn = (place: Place): OwnPlace => {
	if (isOwn(place)) return place;
	throw new CodedError(
		'forbidden',
		place.area === 'datasets'
			? 'Datasets cannot be changed through the drive. Copy what you need to your files.'
			: 'Only what is in your own files can be changed.',
	);
};

/** The place of what a folder shows under a name. */
export const childOf = (place: Place, name: string): Place => {
	if (place.area !== 'top') return { area: place.area, names: [...place.names, name] };
	return { area: isArea(name) ? name : 'files', names: [] };
};
