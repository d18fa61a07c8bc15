import { CodedError } from '../../shared/coded-error.ts';
import type { Actor } from './actor.ts';
import type { ObjectKind, Verb } from './permissions.ts';

/** Somebody who is known asked for what they may not do; such a refusal is audited. */
export class NotAllowed extends CodedError {
	readonly actor: Actor;
	readonly verb: Verb;
	readonly kind: ObjectKind;

	/** `not-found` is told of what one may not even see. */
	constructor(
		code: 'forbidden' | 'insufficient-scope' | 'not-found' | 'session-required',
		asked: { actor: Actor; verb: Verb; kind: ObjectKind },
		detail?: string,
	) {
		super(code, detail);
		this.actor = asked.actor;
		this.verb = asked.verb;
		this.kind = asked.kind;
	}
}
