/**
 * Version of the agent link and of the live door. Raise the major when an older peer would misunderstand; raise the
 * minor for additions that an older peer may ignore. A coordinator accepts agents of its own major only.
 */
export const PROTOCOL_VERSION = { major: 1, minor: 2 } as const;

/** Version of the HTTP contract, as in the path `/api/v1`. */
export const API_VERSION = 'v1';
