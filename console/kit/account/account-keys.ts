/** Names of what the query cache holds of one's own account. */
export const SESSIONS_KEY = ['sessions'] as const;
export const SECOND_FACTOR_KEY = ['second-factor'] as const;
