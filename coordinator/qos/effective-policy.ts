import type { EffectivePolicy, PolicyValue } from '../../shared/protocol/policy.ts';
import type { ServiceClassSettings } from '../../shared/protocol/service-class.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { singleValues } from '../../shared/single-values.ts';
import type { Policy } from './policy.ts';

/** What of a task its policy depends on. */
export interface TaskTerms {
	manifest: Pick<Manifest, 'name' | 'limits' | 'routingKey' | 'needs'>;
	routingKey: string;
	priority: number;
	/** The class that was asked for at submit; null: none. */
	asked: string | null;
}

/** About a class, not of what it gives. */
const NOT_GIVEN: ReadonlySet<string> = new Set(['description']);

const sourceWords = ({ source }: Policy): string => {
	switch (source.by) {
		case 'user':
			return 'given to the person';
		case 'group':
			return `given to group ${source.group}`;
		case 'default':
			return 'which everybody has who was given no other';
	}
};

const valuesOf = (settings: ServiceClassSettings, from: string): PolicyValue[] =>
	singleValues(settings)
		.filter(([path]) => !NOT_GIVEN.has(path))
		.map(([path, value]) => ({ path, value, from }));

/** Everything that counts for a person, value by value, with where each comes from. */
export const policyOfPerson = (policy: Policy, passedOver: readonly string[]): EffectivePolicy => {
	const because = sourceWords(policy);
	const from = `class ${policy.serviceClass} v${policy.version}, ${because}`;
	return {
		serviceClass: policy.serviceClass,
		version: policy.version,
		because,
		passedOver: [...passedOver],
		values: valuesOf(policy.settings, from),
	};
};

/**
 * The same for a task: by the class that it goes by, and by its type where that is stricter. `counts` is the policy of
 * that class, `owner` that of the person.
 */
export const policyOfTask = (
	{ counts, owner, ownerPassedOver }: { counts: Policy; owner: Policy; ownerPassedOver: readonly string[] },
	{ manifest, routingKey, priority, asked }: TaskTerms,
): EffectivePolicy => {
	const isAsked = asked !== null && counts.serviceClass === asked;
	const policy = isAsked ? counts : owner;
	const because = isAsked ? 'asked for at submit' : `${sourceWords(policy)}: the class of its owner`;
	const ofClass = `class ${policy.serviceClass} v${policy.version}, ${isAsked ? because : sourceWords(policy)}`;
	const ofType = `task type ${manifest.name}`;
	const { longestRunMs } = policy.settings;
	const isTypeStricter = longestRunMs === null || manifest.limits.softMs <= longestRunMs;
	const values = valuesOf(policy.settings, ofClass).map((value) =>
		value.path === 'longestRunMs' && isTypeStricter ? { ...value, value: manifest.limits.softMs, from: ofType } : value,
	);
	const atSubmit = 'asked for at submit';
	return {
		serviceClass: policy.serviceClass,
		version: policy.version,
		because,
		passedOver: [
			...(asked !== null && !isAsked ? [`class ${asked}, asked for at submit: it does not count at this time`] : []),
			...(isAsked ? [] : ownerPassedOver),
		],
		values: [
			{ path: 'routingKey', value: routingKey, from: routingKey === manifest.routingKey ? ofType : atSubmit },
			{ path: 'priority', value: priority, from: atSubmit },
			{ path: 'needs.cores', value: manifest.needs.cores, from: ofType },
			{ path: 'needs.memoryBytes', value: manifest.needs.memoryBytes, from: ofType },
			{ path: 'limits.memoryBytes', value: manifest.limits.memoryBytes, from: ofType },
			{ path: 'limits.outputBytes', value: manifest.limits.outputBytes, from: ofType },
			...values,
		],
	};
};
