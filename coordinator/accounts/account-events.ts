export type AccountEvents = {
	/**
	 * A person lost a right to be here: the session or credential of this id, or with null everything that was signed in
	 * as that person (disabled, or the role changed). Doors close what they hold open in that name, or ask who it is now.
	 */
	'account:ended': { userSeq: number; credentialId: string | null };
};
