import type { ClassChoice, EffectivePolicy } from '../../shared/protocol/policy.ts';
import { nameableClasses } from './class-choice.ts';
import { policyOfPerson, policyOfTask, type TaskTerms } from './effective-policy.ts';
import type { Policies } from './policies.ts';

/** Tells what counts for somebody now, and where each value comes from. */
export class PolicyReader {
	readonly #policies: Policies;
	readonly #userSeqOf: (id: string) => Promise<number>;

	constructor(options: {
		policies: Policies;
		/** A person's number, by public id; throws `not-found`. */
		userSeqOf: (id: string) => Promise<number>;
	}) {
		this.#policies = options.policies;
		this.#userSeqOf = options.userSeqOf;
	}

	ofPerson(userSeq: number): EffectivePolicy {
		return policyOfPerson(this.#policies.of(userSeq), this.#policies.passedOver(userSeq));
	}

	/** The classes that a person may name for a task now, the own one first. */
	choicesOf(userSeq: number, mayNameAny: boolean): ClassChoice[] {
		const own = this.#policies.of(userSeq).serviceClass;
		return nameableClasses({ seq: userSeq, mayNameAny }, this.#policies)
			.map(({ name, settings: { description, idleOnly } }) => ({ name, description, idleOnly, own: name === own }))
			.sort((a, b) => Number(b.own) - Number(a.own) || (a.name < b.name ? -1 : 1));
	}

	/** By public id; throws `not-found`. */
	async ofUser(id: string): Promise<EffectivePolicy> {
		return this.ofPerson(await this.#userSeqOf(id));
	}

	ofTask(ownerSeq: number, terms: TaskTerms): EffectivePolicy {
		const policies = this.#policies;
		const counts = policies.ofClass(policies.classOf(ownerSeq, terms.asked));
		const owner = policies.of(ownerSeq);
		return policyOfTask({ counts, owner, ownerPassedOver: policies.passedOver(ownerSeq) }, terms);
	}
}
