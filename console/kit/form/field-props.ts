import type { Json } from '../../../shared/protocol/json.ts';

/** What every field of the form is given. */
export interface FieldProps<S> {
	/** Of the control, so that the error summary can lead to it. */
	id: string;
	label: string;
	help: string;
	schema: S;
	/** Undefined: left out. */
	value: Json | undefined;
	isRequired: boolean;
	/** What does not fit, as a sentence part; null when all is well or not told yet. */
	fault: string | null;
	onChange(value: Json | undefined): void;
	/** The text in the field is no value at all, and why; null: it is one again. */
	onBroken(fault: string | null): void;
	onLeave(): void;
}
