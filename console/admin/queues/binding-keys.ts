import { bindingKeySchema } from '../../../shared/protocol/task.ts';
import { words } from './words.ts';

const MOST = 100;

/** Binding keys as they are typed, one on each line; with what is wrong about them, null when nothing is. */
export const readBindings = (text: string, none: string): { keys: string[]; fault: string | null } => {
	const keys = [...new Set(text.split(/[\s,]+/).filter((key) => key !== ''))];
	if (keys.length === 0) return { keys, fault: none };
	if (keys.length > MOST) return { keys, fault: words.tooManyKeys(MOST) };
	const wrong = keys.find((key) => !bindingKeySchema.safeParse(key).success);
	return { keys, fault: wrong === undefined ? null : words.noKey(wrong) };
};
