import { CodedError } from '../../shared/coded-error.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { plainOrigin, type TaskOrigin } from './task-origin-store.ts';

type NamedSecrets = Readonly<Record<string, string>>;

interface Fault {
	code: 'secret-missing' | 'manifest-invalid' | 'invalid';
	slot: string;
	message: string;
}

/** What is wrong with the names under which a task is given secrets, whoever has these; null when nothing is. */
export const secretFault = (
	manifest: Pick<Manifest, 'name' | 'command'> & Partial<Pick<Manifest, 'secrets'>>,
	named: NamedSecrets,
): Fault | null => {
	const { name, command } = manifest;
	// Stored manifests of before secrets were there have none.
	const slots = manifest.secrets ?? [];
	for (const { slot, title, required } of slots) {
		if (!required || Object.hasOwn(named, slot)) continue;
		const message = `${name} needs “${title}”: entrust it as a secret, then name its id here`;
		return { code: 'secret-missing', slot, message };
	}
	for (const slot of Object.keys(named)) {
		if (!slots.some((one) => one.slot === slot)) {
			return { code: 'invalid', slot, message: `${name} asks for no such secret` };
		}
		// A program would have to be told it where others on its machine can read it.
		if (command) return { code: 'manifest-invalid', slot, message: 'types that run a program cannot be given secrets' };
	}
	return null;
};

const refusal = (code: Fault['code'], path: string, message: string): CodedError =>
	new CodedError(code, `${path}: ${message}.`, { fields: [{ path, message }] });

/** Says of a place that it names a secret which is not there, or another person's. */
export const missingSecret = (path: string, id: string): CodedError =>
	refusal('secret-missing', path, `you have no secret ${id}`);

/**
 * Checks the secrets that a task names against what its type asks for, and against those that its owner has; null when it
 * is given none.
 */
export const checkSecrets = (
	manifest: Pick<Manifest, 'name' | 'secrets' | 'command'>,
	named: NamedSecrets,
	own: ReadonlySet<string>,
): TaskOrigin | null => {
	const fault = secretFault(manifest, named);
	if (fault) throw refusal(fault.code, `secrets.${fault.slot}`, fault.message);
	for (const [slot, id] of Object.entries(named)) {
		if (!own.has(id)) throw missingSecret(`secrets.${slot}`, id);
	}
	if (Object.keys(named).length === 0) return null;
	return { ...plainOrigin('demand'), given: { secrets: { ...named } } };
};
