import { CodedError } from '../../shared/coded-error.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { plainOrigin, type TaskOrigin } from '../queue/task-origin-store.ts';

const refuse = (code: 'secret-missing' | 'manifest-invalid' | 'invalid', slot: string, message: string): CodedError =>
	new CodedError(code, `secrets.${slot}: ${message}.`, { fields: [{ path: `secrets.${slot}`, message }] });

/**
 * Checks the secrets that a task names against what its type asks for, and against those that its owner has; null when it
 * is given none.
 */
export const checkSecrets = (
	manifest: Pick<Manifest, 'name' | 'secrets' | 'command'>,
	named: Readonly<Record<string, string>>,
	own: ReadonlySet<string>,
): TaskOrigin | null => {
	for (const { slot, title, required } of manifest.secrets) {
		if (required && !Object.hasOwn(named, slot)) {
			const message = `${manifest.name} needs “${title}”: entrust it as a secret, then name its id here`;
			throw refuse('secret-missing', slot, message);
		}
	}
	for (const [slot, id] of Object.entries(named)) {
		if (!manifest.secrets.some((one) => one.slot === slot)) {
			throw refuse('invalid', slot, `${manifest.name} asks for no such secret`);
		}
		// A program would have to be told it where others on its machine can read it.
		if (manifest.command) throw refuse('manifest-invalid', slot, 'types that run a program cannot be given secrets');
		if (!own.has(id)) throw refuse('secret-missing', slot, `you have no secret ${id}`);
	}
	if (Object.keys(named).length === 0) return null;
	return { ...plainOrigin('demand'), given: { secrets: { ...named } } };
};
