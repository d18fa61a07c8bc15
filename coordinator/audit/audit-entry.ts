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
	/** SHA-256 over the hash before it and the row; hexadecimal. */
	hash: string;
}

/** Which entries to list; newest first. */
export interface AuditFilter {
	actor?: string | undefined;
	action?: string | undefined;
	object?: string | undefined;
	outcome?: 'done' | 'refused' | undefined;
	/** Milliseconds since 1970: not before, and before. */
	from?: number | undefined;
	to?: number | undefined;
}
