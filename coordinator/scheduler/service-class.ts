/** What of a service class the scheduler goes by. */
export interface ClassRules {
	/** Public id. */
	id: string;
	/** 0 (last) to 9 (first): a band goes before all lower ones, which still get a start now and then. */
	band: number;
	/** Its share of what its band gets, in proportion to the weights of the other classes there; above 0. */
	weight: number;
	/** Gets only what no other class can use, whatever its band; it may wait for ever. */
	idleOnly: boolean;
	/** Running tasks of the class and of each of its people; null: as many as there is room for. */
	mostRunning: number | null;
	mostRunningOfUser: number | null;
	/** What its running tasks may ask for together. */
	mostCores: number | null;
	mostMemoryBytes: number | null;
	/** Running tasks of the class by task type. */
	mostOfType: Readonly<Record<string, number>>;
	/** How fast its tasks may start; null: as fast as there is room. */
	starts: { perMinute: number; burst: number } | null;
	/** Until when starts before this scheduler began use the rate up, by its clock; left out: there were none. */
	startsPaidUntil?: number;
}

/** The rules of a class that nobody has set. */
export const plainClass = (id: string): ClassRules => ({
	id,
	band: 5,
	weight: 1,
	idleOnly: false,
	mostRunning: null,
	mostRunningOfUser: null,
	mostCores: null,
	mostMemoryBytes: null,
	mostOfType: {},
	starts: null,
});

const BOOSTED = 10;
export const IDLE_ONLY = -1;

/** The band that a task goes by: what is boosted goes before all bands; idle-only classes are all in one below them. */
export const bandOf = ({ band, idleOnly }: ClassRules, boosted: boolean): number =>
	boosted ? BOOSTED : idleOnly ? IDLE_ONLY : band;
