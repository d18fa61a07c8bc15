import { useCallback, useMemo, useReducer } from 'react';
import type { ParameterFault } from '../../../shared/parameter-check.ts';
import type { ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import {
	type FormAct,
	type FormState,
	formFaults,
	nextForm,
	sentValues,
	startForm,
	toldFaults,
	type Values,
} from './form-state.ts';

export interface ParameterForm {
	schema: ParameterSchema;
	state: FormState;
	/** What would be sent. */
	values: Values;
	/** Whether all of it fits, told or not. */
	fits: boolean;
	/** What is told now. */
	told: readonly ParameterFault[];
	act(act: FormAct): void;
	/** Tells everything that does not fit; true when nothing does. */
	check(): boolean;
	/** Tells what the server did not take. */
	refuse(faults: readonly ParameterFault[]): void;
}

/** The state of a form made of a task type’s parameters; mount it anew for another type. */
export const useParameterForm = (schema: ParameterSchema, initial: Values): ParameterForm => {
	const [state, act] = useReducer(nextForm, initial, startForm);
	const values = useMemo(() => sentValues(schema, state.values), [schema, state.values]);
	const fits = useMemo(() => formFaults(schema, state).length === 0, [schema, state]);
	const told = useMemo(() => toldFaults(schema, state), [schema, state]);
	const check = useCallback(() => {
		act({ kind: 'try' });
		return formFaults(schema, { ...state, refused: [] }).length === 0;
	}, [schema, state]);
	const refuse = useCallback((faults: readonly ParameterFault[]) => act({ kind: 'refuse', faults }), []);
	return { schema, state, values, fits, told, act, check, refuse };
};
