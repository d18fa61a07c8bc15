import type { ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import { isShown, type Values } from './form-state.ts';

export interface FormSection {
	/** Heading; null for what belongs to no group. */
	title: string | null;
	names: string[];
}

/** The fields in the order in which they are shown: groups in order of their first field, advanced ones apart. */
export const formSections = (
	schema: ParameterSchema,
	values: Values,
): { sections: FormSection[]; advanced: string[] } => {
	const all = Object.entries(schema.properties).map(([name, one], at) => ({
		name,
		one,
		at: one['x-ui']?.order ?? 1000 + at,
	}));
	const shown = all.filter(({ one }) => isShown(schema, values, one)).sort((a, b) => a.at - b.at);
	const sections: FormSection[] = [];
	for (const { name, one } of shown) {
		if (one['x-ui']?.advanced) continue;
		const title = one['x-ui']?.group ?? null;
		const section = sections.find((known) => known.title === title);
		if (section) section.names.push(name);
		else sections.push({ title, names: [name] });
	}
	return { sections, advanced: shown.filter(({ one }) => one['x-ui']?.advanced).map(({ name }) => name) };
};
