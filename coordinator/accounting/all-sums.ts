/** Of the set of roll-ups that counts. */
export const CURRENT_SET = 'FROM usage_rollup_sets WHERE is_current = 1';
/** Its number. */
export const CURRENT_GENERATION = `SELECT generation ${CURRENT_SET}`;
/** Generations of roll-ups that together are all that was ever metered: 0 has what came of records that are gone. */
export const ALL_SUMS = `(0, (${CURRENT_GENERATION}))`;
