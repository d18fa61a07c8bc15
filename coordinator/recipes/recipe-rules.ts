import { CodedError, type FieldError } from '../../shared/coded-error.ts';
import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import { parsePath } from '../files/safe-path.ts';
import type { StepResolver } from './step-resolver.ts';
import type { TermsOf } from './task-terms.ts';

/** As JSON text. */
const MOST_STEPS_TEXT = 64 * 1024;

/** What steps must be like to be saved or run. */
export class RecipeRules {
	readonly #resolver: StepResolver;
	readonly #termsOf: TermsOf;

	constructor(options: { resolver: StepResolver; termsOf: TermsOf }) {
		this.#resolver = options.resolver;
		this.#termsOf = options.termsOf;
	}

	/** Throws `recipe-broken` with the place of everything that does not fit. */
	check(ownerSeq: number, steps: readonly RecipeStep[]): void {
		const fields = steps.flatMap((step, place) => this.#faultsOf(ownerSeq, step, place));
		if (JSON.stringify(steps).length > MOST_STEPS_TEXT) {
			fields.push({ path: 'steps', message: `longer than ${MOST_STEPS_TEXT} characters as JSON` });
		}
		const [first] = fields;
		if (first) throw new CodedError('recipe-broken', `${first.path}: ${first.message}`, { fields });
	}

	/** Why they cannot run with the task types of now; null when they can. */
	brokenBecause(steps: readonly RecipeStep[]): string | null {
		for (const [place, step] of steps.entries()) {
			const resolved = this.#resolver.of(step);
			if (typeof resolved === 'string') return `Step ${place + 1}: ${resolved}`;
		}
		return null;
	}

	#faultsOf(ownerSeq: number, step: RecipeStep, place: number): FieldError[] {
		const at = `steps[${place}]`;
		const resolved = this.#resolver.of(step);
		if (typeof resolved === 'string') return [{ path: at, message: resolved }];
		const folder = step.results?.folder;
		if (folder !== undefined) {
			try {
				parsePath(folder);
			} catch (error) {
				return [{ path: `${at}.results.folder`, message: (error as Error).message }];
			}
		}
		const { routingKey = null, serviceClass = null } = step;
		// What its class does not allow now by the type's own key may be allowed when it runs.
		if (routingKey === null && serviceClass === null) return [];
		const terms = this.#termsOf(ownerSeq, { routingKey, serviceClass, typeKey: resolved.manifest.routingKey });
		return typeof terms === 'string' ? [{ path: at, message: terms }] : [];
	}
}
