/** Contents that are done, of so many. */
export interface Progress {
	done: number;
	of: number;
}
