/** Generations of roll-ups that together are all that was ever metered: 0 has what came of records that are gone. */
export const ALL_SUMS = '(0, (SELECT generation FROM usage_rollup_sets WHERE is_current = 1))';
