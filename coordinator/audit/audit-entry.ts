import type { Json } from '../../shared/protocol/json.ts';

/** One thing that somebody did, or tried to do. Never put a secret or a wrong password into it. */
export interface AuditEntry {
	/** Milliseconds since 1970, by the coordinator's clock. */
	at: number;
	/** A user's or a node's public id, or `system`. */
	actor: string;
	/** `noun.verb`, such as `file.upload` or `session.create`. */
	action: string;
	/** What it was done to: a public id, a path, a name. */
	object: string;
	outcome: 'done' | 'refused';
	/** Where the request came from. */
	address: string;
	detail: Record<string, Json>;
}

/** A stored entry with its place in the chain. */
export interface AuditRow extends AuditEntry {
	seq: number;
	/** What could tell of a person was taken out of it, when that person was deleted. */
	blanked: boolean;
	/** SHA-256 over the hash before it and the row; hexadecimal. */
	hash: string;
}

/** Which entries to list; newest first. */
export interface AuditFilter {
	actor?: string | undefined;
	/** A whole action, or a part with stars for the rest: `queue.*`, `*.delete`. */
	action?: string | undefined;
	object?: string | undefined;
	outcome?: 'done' | 'refused' | undefined;
	/** Stands somewhere in actor, action, object, address or detail; case does not count in ASCII. */
	text?: string | undefined;
	/** Milliseconds since 1970: not before, and before. */
	from?: number | undefined;
	to?: number | undefined;
}
