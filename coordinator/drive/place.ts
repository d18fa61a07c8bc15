/** What an address below the drive means. `names` are those of a path, none for the top of the area. */
export type Place = { area: 'top' } | { area: 'files'; names: string[] } | { area: 'datasets'; names: string[] };

/** Who asks, and from where, as audited. */
export interface Asker {
	userSeq: number;
	userId: string;
	address: string;
}
