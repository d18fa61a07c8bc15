import type { Json } from '../../shared/protocol/json.ts';
import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import type { Filing } from '../../shared/protocol/result.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import type { FiringEvent, FiringState } from '../../shared/protocol/trigger.ts';
import { fitsName, isClutter, isTemporary, liesIn, nameOf } from '../files/path-match.ts';
import { type BookTrigger, isInbox } from './book.ts';
import { bothVerdicts, type KnownType, mediaVerdict, type Verdict } from './media-verdict.ts';
import { notForOneFile, type ResolvedStep } from './step-resolver.ts';
import type { Terms, WantedTerms } from './task-terms.ts';

/** Tasks that one version of a file may start at one event. */
export const MOST_TASKS = 64;
/** Triggers that may have led to a result, so that no ring of them goes round for ever. */
export const MOST_LINEAGE = 8;

/** A version of a file, and how it came. */
export interface FileFacts extends KnownType {
	path: string;
	event: FiringEvent;
	/** It was put out by a task. */
	isResult: boolean;
	/** Seqs of the triggers that led to it, oldest first. */
	lineage: readonly number[];
	/** The path that it was moved from: what was for it there is not for it anew. Null: none that counts. */
	from?: string | null;
}

/** A task that is to be made on the file. */
export interface PlannedTask extends Terms {
	type: string;
	typeSeq: number;
	priority: number;
	/** JSON text. */
	parameters: string;
	/** Its place in the recipe; null: of no recipe. */
	step: number | null;
	filing: Json;
	/** Ids of secrets by the names under which the type asks for them; null: none. */
	secrets: Readonly<Record<string, string>> | null;
}

export interface PlannedFiring {
	triggerSeq: number;
	recipe: string;
	recipeVersion: number;
	state: FiringState;
	reason: string | null;
	tasks: PlannedTask[];
}

export interface Plan {
	firings: PlannedFiring[];
	/** Finds the type that firings wait for: made unless one of them makes such a task. Null when none waits. */
	typing: PlannedTask | null;
}

/** What the planner asks; it answers from memory. */
export interface PlanWorld {
	resolve(step: RecipeStep): ResolvedStep | string;
	terms(wanted: WantedTerms): Terms | string;
}

/** Whoever drops something into an inbox looks there for what comes of it, unless the step says where to. */
const BESIDE: Filing = { place: 'beside', conflict: 'version' };

const TYPING: RecipeStep = { type: 'mimetype', parameters: {}, priority: 4, after: [] };

/** Null for a name that stood for nothing, or for what was not done yet. */
const pathThatCounts = (from: string | null): string | null =>
	from === null || isClutter(nameOf(from)) || isTemporary(from) ? null : from;

const isForPath = ({ folder, recursive, ignore }: BookTrigger['draft'], path: string): boolean =>
	liesIn(path, folder, recursive) && !fitsName(nameOf(path), ignore);

/** Whether a trigger is for this version of a file at all, whatever its type. */
const concerns = ({ draft }: BookTrigger, { path, event, isResult, from = null }: FileFacts): boolean =>
	draft.events.includes(event) &&
	(draft.includeResults || !isResult) &&
	isForPath(draft, path) &&
	!(from !== null && isForPath(draft, from));

const whyLoop = (triggerSeq: number, { lineage }: FileFacts): string | null => {
	if (lineage.includes(triggerSeq)) return 'The file came of this very trigger.';
	return lineage.length < MOST_LINEAGE ? null : `More than ${MOST_LINEAGE} triggers led to the file.`;
};

interface Steps {
	tasks: PlannedTask[];
	/** How many are not decided until the file's type is known. */
	waiting: number;
	/** Why some are not made. */
	refused: string | null;
	broken: string | null;
}

const stepVerdict = ({ accepts }: RecipeStep, { inputs }: Manifest, how: KnownType, ofTrigger: Verdict): Verdict => {
	const ofType = bothVerdicts(ofTrigger, mediaVerdict(inputs.mediaTypes, how));
	return accepts ? bothVerdicts(ofType, mediaVerdict(accepts, how)) : ofType;
};

/** `before`: how the file was known when the trigger was first asked; only what was not decided then is decided now. */
const stepsOf = (trigger: BookTrigger, known: KnownType, before: KnownType | null, world: PlanWorld): Steps => {
	const steps: Steps = { tasks: [], waiting: 0, refused: null, broken: null };
	const { draft } = trigger;
	const own = mediaVerdict(draft.mediaTypes, known);
	const earlier = before ? mediaVerdict(draft.mediaTypes, before) : own;
	for (const [place, step] of trigger.steps.entries()) {
		const resolved = world.resolve(step);
		const broken = typeof resolved === 'string' ? resolved : notForOneFile(resolved.manifest);
		if (typeof resolved === 'string' || broken !== null) {
			steps.broken ??= broken;
			continue;
		}
		const { manifest, typeSeq, parameters } = resolved;
		if (before && stepVerdict(step, manifest, before, earlier) !== 'unknown') continue;
		const verdict = stepVerdict(step, manifest, known, own);
		if (verdict === 'no') continue;
		const terms = world.terms({
			routingKey: draft.routingKey ?? step.routingKey ?? null,
			serviceClass: draft.serviceClass ?? step.serviceClass ?? null,
			typeKey: manifest.routingKey,
		});
		if (typeof terms === 'string') steps.refused ??= terms;
		else if (verdict === 'unknown') steps.waiting += 1;
		else {
			const { type, priority } = step;
			steps.tasks.push({
				type,
				typeSeq,
				priority,
				parameters,
				...terms,
				step: place,
				filing: (step.results ?? (isInbox(trigger.seq) ? BESIDE : null)) as Json,
				secrets: step.secrets ?? null,
			});
		}
	}
	return steps;
};

const firingOf = (trigger: BookTrigger, steps: Steps, loop: string | null): PlannedFiring | null => {
	const { seq: triggerSeq, recipe, recipeVersion } = trigger;
	const skipped = loop ?? (steps.broken === null ? null : `The recipe is broken. ${steps.broken}`);
	const so = { triggerSeq, recipe, recipeVersion };
	if (skipped !== null) return { ...so, state: 'skipped', reason: skipped, tasks: [] };
	const { tasks, waiting, refused: reason } = steps;
	if (waiting > 0) return { ...so, state: 'waits-for-type', reason, tasks };
	if (tasks.length > 0) return { ...so, state: 'fired', reason, tasks };
	return reason === null ? null : { ...so, state: 'skipped', reason, tasks };
};

const CROWDED = `One file may start ${MOST_TASKS} tasks, and other triggers have started as many already.`;

const crowdedOut = ({ seq, recipe, recipeVersion }: BookTrigger): PlannedFiring => ({
	...{ triggerSeq: seq, recipe, recipeVersion },
	...{ state: 'skipped', reason: CROWDED, tasks: [] },
});

/**
 * Which triggers a version of a file starts, and with which tasks. Pure: the same facts, triggers and world give the same
 * plan. What a trigger is not for leaves no trace; what it is for and cannot do is `skipped`, with the reason.
 */
export const planFirings = (triggers: readonly BookTrigger[], told: FileFacts, world: PlanWorld): Plan => {
	const facts = { ...told, from: pathThatCounts(told.from ?? null) };
	const firings: PlannedFiring[] = [];
	if (isClutter(nameOf(facts.path))) return { firings, typing: null };
	// Inboxes have room of their own: they come last, and may stand back in the end.
	const room = { trigger: MOST_TASKS, inbox: MOST_TASKS };
	let findsType = false;
	for (const trigger of triggers) {
		if (!concerns(trigger, facts) || mediaVerdict(trigger.draft.mediaTypes, facts) === 'no') continue;
		// Whatever it would do: so that hundreds of triggers on one file take no time.
		const kind = isInbox(trigger.seq) ? 'inbox' : 'trigger';
		if (room[kind] === 0) {
			firings.push(crowdedOut(trigger));
			continue;
		}
		const loop = whyLoop(trigger.seq, facts);
		const steps = stepsOf(trigger, facts, null, world);
		const firing = firingOf(trigger, steps, loop);
		if (firing === null) continue;
		const wanted = firing.state === 'skipped' ? 0 : steps.tasks.length + steps.waiting;
		if (wanted > room[kind]) {
			firings.push(crowdedOut(trigger));
			continue;
		}
		room[kind] -= wanted;
		findsType ||= firing.tasks.some(({ type }) => type === TYPING.type);
		firings.push(firing);
	}
	if (!firings.some(({ state }) => state === 'waits-for-type')) return { firings, typing: null };
	const typing = typingIn(world);
	if (typeof typing !== 'string') return { firings, typing };
	// Some trigger seeks it by itself, under terms of its own.
	if (findsType) return { firings, typing: null };
	const why = `The file’s type cannot be found. ${typing}`;
	return { typing: null, firings: firings.map((firing) => withoutType(firing, why)) };
};

const typingIn = (world: PlanWorld): PlannedTask | string => {
	const resolved = world.resolve(TYPING);
	if (typeof resolved === 'string') return resolved;
	const { typeSeq, parameters, manifest } = resolved;
	const terms = world.terms({ routingKey: null, serviceClass: null, typeKey: manifest.routingKey });
	if (typeof terms === 'string') return terms;
	const { type, priority } = TYPING;
	return { type, typeSeq, priority, parameters, ...terms, step: null, filing: null, secrets: null };
};

/** What waits for a type that nobody finds does not wait; what did not need to know it is done all the same. */
const withoutType = (firing: PlannedFiring, reason: string): PlannedFiring => {
	if (firing.state !== 'waits-for-type') return firing;
	return { ...firing, state: firing.tasks.length > 0 ? 'fired' : 'skipped', reason };
};

/**
 * What a firing that waited for the file's type comes to now that it is known: only the steps that waited. Null: none of
 * them is for such a file.
 */
export const planTyped = (
	trigger: BookTrigger,
	mediaType: string,
	isSniffed: boolean,
	world: PlanWorld,
): PlannedFiring | null => {
	const known = { mediaType, isSniffed };
	if (mediaVerdict(trigger.draft.mediaTypes, known) === 'no') return null;
	return firingOf(trigger, stepsOf(trigger, known, { mediaType: null, isSniffed }, world), null);
};
