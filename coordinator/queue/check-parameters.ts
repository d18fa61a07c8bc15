import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { CodedError, type FieldError } from '../../shared/coded-error.ts';
import { checkParameters } from '../../shared/parameter-check.ts';
import { PARAMETER_FORMATS } from '../../shared/parameter-formats.ts';
import type { TaskSubmission } from '../../shared/protocol/task.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';

/** Faults that one answer tells at most. */
const MOST_FAULTS = 20;

/** One for all: by far most of its work is to compile, at its first schema, the schema that schemas must fit. */
const compiler = new Ajv2020({
	...{ strict: false, useDefaults: true, allErrors: true, allowUnionTypes: true },
	formats: PARAMETER_FORMATS,
});

/** Keeps nothing of the schema: another one may have the same `$id`, and types that are retired are forgotten. */
const compile = (schema: Manifest['parameters']): ValidateFunction => {
	try {
		return compiler.compile(schema);
	} finally {
		compiler.removeSchema(schema);
	}
};

/** Validators of task types' parameters, compiled once each. Missing parameters get the manifest's defaults. */
export class ParameterChecks {
	readonly #compiled = new WeakMap<Manifest, ValidateFunction>();

	/** Fills in defaults and answers what does not fit, with paths under `parameters`. */
	check(manifest: Manifest, parameters: TaskSubmission['parameters']): FieldError[] {
		let validate = this.#compiled.get(manifest);
		if (!validate) {
			validate = compile(manifest.parameters);
			this.#compiled.set(manifest, validate);
		}
		if (validate(parameters)) return [];
		// The validator's word counts; which value it is and why is said as every form and command line says it.
		const fields = checkParameters(manifest.parameters, parameters)
			.faults.slice(0, MOST_FAULTS)
			.map(({ path, message }) => ({ path: path === '' ? 'parameters' : `parameters.${path}`, message }));
		return fields.length > 0 ? fields : [{ path: 'parameters', message: 'do not fit the task type' }];
	}
}

/** Throws `inputs-invalid` unless the number of inputs is one that the task type takes. */
export const checkInputCount = (manifest: Manifest, count: number): void => {
	const { min, max } = manifest.inputs;
	if (count >= min && count <= max) return;
	const wanted = min === max ? `exactly ${min}` : `${min} to ${max}`;
	throw new CodedError('inputs-invalid', `${manifest.name} takes ${wanted} inputs, and got ${count}.`);
};
