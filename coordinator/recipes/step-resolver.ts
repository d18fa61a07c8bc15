import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { ParameterChecks } from '../queue/check-parameters.ts';
import { secretFault } from '../queue/check-secrets.ts';

/** As JSON text; what is larger belongs into a file that is an input. */
const MOST_PARAMETERS = 64 * 1024;

/** A step with the task type as it is now. */
export interface ResolvedStep {
	typeSeq: number;
	manifest: Manifest;
	/** JSON text, with the defaults filled in. */
	parameters: string;
}

export type NewestType = (name: string) => { seq: number; manifest: Manifest } | undefined;
type Found = ResolvedStep | string;

/** Finds out what a step comes to with the task types of now, or in a sentence why it cannot run. Each step is checked once. */
export class StepResolver {
	readonly #newest: NewestType;
	readonly #checks = new ParameterChecks();
	readonly #known = new WeakMap<RecipeStep, { typeSeq: number; found: Found }>();

	constructor(newest: NewestType) {
		this.#newest = newest;
	}

	of(step: RecipeStep): Found {
		const type = this.#newest(step.type);
		if (!type) return `There is no task type ${step.type} any more; choose another.`;
		const known = this.#known.get(step);
		if (known?.typeSeq === type.seq) return known.found;
		const found = this.#resolve(step, type);
		this.#known.set(step, { typeSeq: type.seq, found });
		return found;
	}

	#resolve(step: RecipeStep, { seq, manifest }: { seq: number; manifest: Manifest }): Found {
		if (manifest.source) return `${step.type} reads a source: make a source of it, and a schedule.`;
		const wrong = secretFault(manifest, step.secrets ?? {});
		if (wrong) return `secrets.${wrong.slot}: ${wrong.message}.`;
		const filled = structuredClone(step.parameters);
		const [fault] = this.#checks.check(manifest, filled);
		if (fault) return `${step.type}: ${fault.path} ${fault.message}.`;
		const parameters = JSON.stringify(filled);
		if (parameters.length > MOST_PARAMETERS) {
			return `${step.type}: the parameters may have ${MOST_PARAMETERS} characters as JSON.`;
		}
		return { typeSeq: seq, manifest, parameters };
	}
}

/** Why a task type cannot be run on one file; null when it can. */
export const notForOneFile = ({ name, inputs: { min, max } }: Manifest): string | null => {
	if (min <= 1 && max >= 1) return null;
	return max === 0 ? `${name} takes no file.` : `${name} takes ${min} files at least, and is given one.`;
};
