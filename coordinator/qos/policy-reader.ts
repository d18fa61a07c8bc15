import { CodedError } from '../../shared/coded-error.ts';
import type { EffectivePolicy } from '../../shared/protocol/policy.ts';
import type { Ledger } from '../database/ledger.ts';
import { policyOfPerson, policyOfTask, type TaskTerms } from './effective-policy.ts';
import type { Policies } from './policies.ts';
import { findUserSeq } from './policy-store.ts';

/** Tells what counts for somebody now, and where each value comes from. */
export class PolicyReader {
	readonly #ledger: Ledger;
	readonly #policies: Policies;

	constructor(options: { ledger: Ledger; policies: Policies }) {
		this.#ledger = options.ledger;
		this.#policies = options.policies;
	}

	ofPerson(userSeq: number): EffectivePolicy {
		return policyOfPerson(this.#policies.of(userSeq), this.#policies.passedOver(userSeq));
	}

	/** By public id; throws `not-found`. */
	async ofUser(id: string): Promise<EffectivePolicy> {
		const userSeq = await this.#ledger.read(findUserSeq, id);
		if (userSeq === null) throw new CodedError('not-found');
		return this.ofPerson(userSeq);
	}

	ofTask(ownerSeq: number, terms: TaskTerms): EffectivePolicy {
		const policies = this.#policies;
		const counts = policies.ofClass(policies.classOf(ownerSeq, terms.asked));
		const owner = policies.of(ownerSeq);
		return policyOfTask({ counts, owner, ownerPassedOver: policies.passedOver(ownerSeq) }, terms);
	}
}
