import { createHash } from 'node:crypto';
import { normaliseMessage } from './normalise-message.ts';

/** Why a task failed, as those with the same cause have it; `key` is what they have in common. */
export const causeOf = (typeName: string, code: string | null, text: string | null) => {
	const errorCode = code ?? 'unknown';
	const message = normaliseMessage(text ?? '');
	return { errorCode, message, key: `${typeName}\n${errorCode}\n${message}` };
};

/** Names a cause by its key: the same in every reading and after every restart. */
export const groupOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16);
