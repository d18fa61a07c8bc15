import type { BookTrigger } from '../../coordinator/recipes/book.ts';
import type { FileFacts } from '../../coordinator/recipes/plan.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';

const SNIFFED = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/tiff', 'image/avif'];

/** Could a file that is known so be of a type that fits? Asked of every type there is, one by one. */
const verdict = (patterns: readonly string[], facts: FileFacts, types: readonly string[]): 'yes' | 'no' | 'unknown' => {
	const possible =
		facts.mediaType !== null ? [facts.mediaType] : types.filter((type) => !(facts.isSniffed && SNIFFED.includes(type)));
	const fitting = possible.filter((type) =>
		patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('+', '\\+').replaceAll('*', '[^/]+')}$`).test(type)),
	);
	if (fitting.length === possible.length) return 'yes';
	return fitting.length === 0 ? 'no' : 'unknown';
};

const matchesName = (path: string, pattern: string): boolean => {
	const escaped = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
	return new RegExp(`^${escaped}$`, 'i').test(path.split('/').at(-1) ?? '');
};

const CLUTTER = /^(\._.*|\.ds_store|thumbs\.db|desktop\.ini|~\$.*|\.~lock.*)$/i;

const isIn = (path: string, folder: string, recursive: boolean): boolean => {
	const above = path.split('/').slice(1, -1);
	const wanted = folder.split('/').filter((name) => name !== '');
	return wanted.every((name, i) => above[i] === name) && (recursive || above.length === wanted.length);
};

/** What a trigger does, told in the plainest way: null, or the state and the types of the tasks made and waited for. */
export interface NaiveFiring {
	state: 'fired' | 'waits-for-type' | 'skipped';
	made: string[];
	waiting: string[];
}

export const naiveFiring = (
	{ seq, draft, steps }: BookTrigger,
	facts: FileFacts,
	manifests: ReadonlyMap<string, Manifest>,
	types: readonly string[],
): NaiveFiring | null => {
	if (!draft.events.includes(facts.event)) return null;
	if (facts.isResult && !draft.includeResults) return null;
	if (CLUTTER.test(facts.path.split('/').at(-1) ?? '')) return null;
	if (!isIn(facts.path, draft.folder, draft.recursive)) return null;
	if (draft.ignore.some((pattern) => matchesName(facts.path, pattern))) return null;
	const own = verdict(draft.mediaTypes, facts, types);
	if (own === 'no') return null;
	const none = { made: [], waiting: [] };
	if (facts.lineage.includes(seq) || facts.lineage.length >= 8) return { state: 'skipped', ...none };
	if (steps.some(({ type }) => !manifests.has(type))) return { state: 'skipped', ...none };
	const verdicts = steps.map((step) => {
		const asked = [
			own,
			verdict(manifests.get(step.type)!.inputs.mediaTypes, facts, types),
			verdict(step.accepts ?? ['*/*'], facts, types),
		];
		return { type: step.type, is: asked.includes('no') ? 'no' : asked.includes('unknown') ? 'unknown' : 'yes' };
	});
	const of = (is: string) => verdicts.filter((one) => one.is === is).map(({ type }) => type);
	const [made, waiting] = [of('yes'), of('unknown')];
	if (made.length + waiting.length === 0) return null;
	return { state: waiting.length > 0 ? 'waits-for-type' : 'fired', made, waiting };
};
