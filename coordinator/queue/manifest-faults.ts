import { CodedError, type FieldError } from '../../shared/coded-error.ts';
import { checkParameter, parameterDefault } from '../../shared/parameter-check.ts';
import { routingKeySchema } from '../../shared/protocol/task.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { USAGE_KINDS } from '../../shared/protocol/usage.ts';

/** Characters of the parameters' schema as JSON: every list of task types carries all of it. */
const MOST_SCHEMA = 32 * 1024;

const KINDS: ReadonlySet<string> = new Set(USAGE_KINDS);

/** What an administrator's manifest may not say though each field is well formed. */
export const manifestFaults = (manifest: Manifest): FieldError[] => {
	const faults: FieldError[] = [];
	const refuseIf = (isWrong: boolean, path: string, message: string) => isWrong && faults.push({ path, message });
	const { inputs, limits, retry, parameters } = manifest;
	// People's usage tells work by its type and all else by its kind, in one column.
	refuseIf(KINDS.has(manifest.name), 'name', 'is what a kind of usage is called; choose another');
	refuseIf(manifest.command === undefined, 'command', 'is needed: only built-in types do without a program');
	refuseIf(manifest.secrets.length > 0, 'secrets', 'are for built-in types only');
	refuseIf(manifest.source, 'source', 'is for built-in types only');
	refuseIf(manifest.network !== 'none', 'network', 'must be none: only built-in types have the guarded fetch');
	refuseIf(inputs.min > inputs.max, 'inputs.min', `is more than inputs.max, which is ${inputs.max}`);
	refuseIf(inputs.max > 0 && inputs.mediaTypes.length === 0, 'inputs.mediaTypes', 'leaves no file that fits');
	refuseIf(limits.softMs > limits.hardMs, 'limits.softMs', `is more than limits.hardMs, which is ${limits.hardMs}`);
	refuseIf(retry.backoffMs > retry.backoffMaxMs, 'retry.backoffMs', 'is more than retry.backoffMaxMs');
	refuseIf(
		!routingKeySchema.safeParse(manifest.routingKey).success,
		'routingKey',
		'must be words of letters, digits, _ or - joined by dots, such as normal.resize',
	);
	refuseIf(
		JSON.stringify(parameters).length > MOST_SCHEMA,
		'parameters',
		`must have ${MOST_SCHEMA} characters or fewer as JSON`,
	);
	for (const [name, schema] of Object.entries(parameters.properties)) {
		const preset = parameterDefault(schema);
		if (preset === undefined) continue;
		const path = `parameters.properties.${name}.default`;
		for (const { message } of checkParameter(schema, preset, name)) faults.push({ path, message });
	}
	return faults;
};

/** Throws `manifest-invalid` with every fault. */
export const requireGoodManifest = (manifest: Manifest): void => {
	const fields = manifestFaults(manifest);
	if (fields.length > 0) throw new CodedError('manifest-invalid', undefined, { fields });
};
