import { CodedError } from '../../../shared/coded-error.ts';
import type { ParameterFault } from '../../../shared/parameter-check.ts';

export interface ServerFaults {
	/** Of the settings, with their paths in the form. */
	fields: ParameterFault[];
	/** Of files, by their place in the batch. */
	inputs: { task: number; input: number; message: string }[];
	/** Whatever else was not taken, as it was said. */
	rest: string[];
}

const PARAMETER = /^(?:tasks\[\d+\]\.)?parameters\.?(.*)$/;
const INPUT = /^(?:tasks\[(\d+)\]\.)?inputs\[(\d+)\]/;

/** What of an answer belongs to which field: a batch of a thousand tasks with one wrong setting has it wrong once. */
export const serverFaults = (error: unknown): ServerFaults => {
	const told: ServerFaults = { fields: [], inputs: [], rest: [] };
	if (!(error instanceof CodedError)) return told;
	for (const { path, message } of error.fields ?? []) {
		const parameter = PARAMETER.exec(path)?.[1];
		const input = INPUT.exec(path);
		if (parameter !== undefined) {
			const isKnown = told.fields.some((one) => one.path === parameter && one.message === message);
			if (!isKnown) told.fields.push({ path: parameter, message });
		} else if (input) told.inputs.push({ task: Number(input[1] ?? 0), input: Number(input[2]), message });
		else if (!told.rest.includes(message)) told.rest.push(message);
	}
	return told;
};
