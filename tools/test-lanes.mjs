/** What goes first when it is asked for, and what then runs beside it, in this order. */
const IN_FRONT = ['system', 'browser', 'unit'];
const BEHIND = ['unit', 'browser'];

/**
 * Which projects of tests run in front, and which behind them, one after the other. Whole-system tests wait for each
 * other's processes about half of the time: the others have what these leave of the processor, and no test of leases or
 * cuts has less of it for them. Unit tests come first among those, for they need nothing that is built.
 */
export const lanesOf = (projects) => {
	const front = IN_FRONT.find((project) => projects.includes(project));
	return { front: [front], behind: BEHIND.filter((project) => project !== front && projects.includes(project)) };
};
