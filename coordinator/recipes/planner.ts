import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import type { TriggerBook } from './book.ts';
import { type FileFacts, type Plan, type PlannedFiring, type PlanWorld, planFirings, planTyped } from './plan.ts';
import type { WaitingFiring } from './refire-store.ts';
import type { StepResolver } from './step-resolver.ts';
import type { TermsOf, WantedTerms } from './task-terms.ts';

/** Plans by the task types, classes and queues of now. */
export class Planner {
	readonly #resolver: StepResolver;
	readonly #termsOf: TermsOf;

	constructor(options: { resolver: StepResolver; termsOf: TermsOf }) {
		this.#resolver = options.resolver;
		this.#termsOf = options.termsOf;
	}

	plan(ownerSeq: number, book: TriggerBook, facts: FileFacts): Plan {
		return planFirings(book.of(facts.event), facts, this.#worldOf(ownerSeq));
	}

	/** What a firing that waited comes to; in a sentence why nothing, null when it is for no such file. */
	typed(ownerSeq: number, book: TriggerBook, firing: WaitingFiring, mediaType: string): PlannedFiring | string | null {
		const trigger = book.all.find(({ seq }) => seq === firing.triggerSeq);
		if (!trigger) return 'The trigger was deleted or switched off before the file’s type was known.';
		return planTyped(trigger, mediaType, firing.wait.isSniffed, this.#worldOf(ownerSeq));
	}

	/** What is the same for all triggers of one plan is found once. */
	#worldOf(ownerSeq: number): PlanWorld {
		const known = new Map<string, ReturnType<TermsOf>>();
		const terms = (wanted: WantedTerms) => {
			const { routingKey, serviceClass, typeKey } = wanted;
			const isPlain = routingKey === null && serviceClass === null;
			const key = isPlain ? typeKey : `${routingKey} ${serviceClass} ${typeKey}`;
			const found = known.get(key) ?? this.#termsOf(ownerSeq, wanted);
			known.set(key, found);
			return found;
		};
		return { resolve: (step: RecipeStep) => this.#resolver.of(step), terms };
	}
}
