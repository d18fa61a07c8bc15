import { CodedError } from '../../shared/coded-error.ts';
import { allowedKey, type Route, requireAllowed } from '../qos/allowed-keys.ts';
import { chooseClass } from '../qos/class-choice.ts';
import type { Policies } from '../qos/policies.ts';

/** By what a task goes that nobody submits by hand. */
export interface Terms {
	routingKey: string;
	/** Null: its owner's, whichever that is when it stands in line. */
	serviceClass: string | null;
}

/** What a recipe, a trigger or a wish says about it; null: nothing. */
export interface WantedTerms {
	routingKey: string | null;
	serviceClass: string | null;
	/** The task type's own key. */
	typeKey: string;
}

/** Answers by what a person's task goes, or in a sentence why it may not be made. From memory. */
export type TermsOf = (ownerSeq: number, wanted: WantedTerms) => Terms | string;

/** A named class gives nothing that one's own does not: both have to allow the key. */
export const termsBy =
	(policies: Pick<Policies, 'of' | 'ofClass' | 'classes' | 'isValid'>, route: Route): TermsOf =>
	(ownerSeq, { routingKey, serviceClass: asked, typeKey }) => {
		const own = policies.of(ownerSeq);
		try {
			const serviceClass = chooseClass(asked ?? undefined, { seq: ownerSeq, mayNameAny: false }, policies);
			const all = serviceClass === null ? [own] : [policies.ofClass(serviceClass), own];
			const key = routingKey ?? allowedKey(all[0]!, typeKey, route) ?? typeKey;
			for (const policy of all) requireAllowed(policy, key, route);
			return { routingKey: key, serviceClass };
		} catch (error) {
			if (error instanceof CodedError) return error.message;
			throw error;
		}
	};
