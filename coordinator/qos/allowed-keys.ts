import { CodedError } from '../../shared/coded-error.ts';
import { TopicMatcher } from '../scheduler/topic-match.ts';
import type { Policy } from './policy.ts';

/** The queue that a routing key leads to now; null when no queue takes it. */
export type Route = (routingKey: string) => string | null;

/** Made once for a class's list, which stays the same object until the class is changed. */
const matchers = new WeakMap<readonly string[], TopicMatcher>();
const matches = (patterns: readonly string[], key: string): boolean => {
	let matcher = matchers.get(patterns);
	if (!matcher) {
		matcher = new TopicMatcher(patterns.map((pattern) => ({ queue: '', key: pattern })));
		matchers.set(patterns, matcher);
	}
	return matcher.matches(key).length > 0;
};

const isAllowed = ({ settings }: Policy, key: string, route: Route): boolean => {
	const { allowedQueues, allowedRoutingKeys } = settings;
	if (allowedRoutingKeys !== null && !matches(allowedRoutingKeys, key)) return false;
	if (allowedQueues === null) return true;
	const queue = route(key);
	return queue !== null && allowedQueues.includes(queue);
};

/**
 * The key for work whose person named none: the task type's own or, where the class does not allow that, the same with
 * another first word: a queue's name that the class allows, or the first word of a key that it allows. So whoever may use
 * `priority` alone gets thumbnails as `priority.thumbnail`. Null when none of these is allowed.
 */
export const allowedKey = (policy: Policy, own: string, route: Route): string | null => {
	if (isAllowed(policy, own, route)) return own;
	const { allowedQueues, allowedRoutingKeys } = policy.settings;
	const words = [...(allowedQueues ?? []), ...(allowedRoutingKeys ?? []).map((key) => key.split('.')[0] ?? '')];
	const rest = own.split('.').slice(1);
	for (const word of words) {
		if (word === '*' || word === '#') continue;
		const key = [word, ...rest].join('.');
		if (key.length <= 255 && isAllowed(policy, key, route)) return key;
	}
	return null;
};

/** Throws `queue-not-allowed` unless the person's class allows this key and the queue that it leads to. */
export const requireAllowed = (policy: Policy, key: string, route: Route): void => {
	if (isAllowed(policy, key, route)) return;
	const { allowedQueues, allowedRoutingKeys } = policy.settings;
	const queue = route(key);
	const leads = queue === null ? 'leads to no queue' : `leads to the queue ${queue}`;
	const allowed = [
		allowedQueues && `the queues ${allowedQueues.join(', ')}`,
		allowedRoutingKeys && `routing keys like ${allowedRoutingKeys.join(', ')}`,
	].filter((list) => list !== null);
	const message = `The routing key ${key} ${leads}, which your service class ${policy.serviceClass} does not allow; it allows ${allowed.join(' with ')}.`;
	throw new CodedError('queue-not-allowed', message, { fields: [{ path: 'routingKey', message }] });
};
