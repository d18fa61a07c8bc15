import { expect, test } from 'vitest';
import { policyOf } from '../../test/support/policy-book.ts';
import { allowedKey, requireAllowed } from './allowed-keys.ts';

/** Queues take keys that begin with their names, and `gpu` those of `hardware.gpu` too; others reach none. */
const route = (key: string): string | null => {
	const [first = ''] = key.split('.');
	if (key.startsWith('hardware.gpu')) return 'gpu';
	return ['normal', 'priority', 'gpu'].includes(first) ? first : null;
};
const fine = (settings: Parameters<typeof policyOf>[1], key: string): boolean => {
	try {
		requireAllowed(policyOf('tight', settings), key, route);
		return true;
	} catch (error) {
		expect(error).toMatchObject({ code: 'queue-not-allowed', fields: [{ path: 'routingKey' }] });
		return false;
	}
};

test('without lists every key is allowed, also one that reaches no queue', () => {
	expect(fine({}, 'normal.x')).toBe(true);
	expect(fine({}, 'nowhere.x')).toBe(true);
});

test('with a list of queues the key must lead to one of them', () => {
	const settings = { allowedQueues: ['normal', 'gpu'] };
	expect(fine(settings, 'normal.x')).toBe(true);
	expect(fine(settings, 'hardware.gpu.a')).toBe(true);
	expect(fine(settings, 'priority.x')).toBe(false);
	// Whoever binds it later would let people in whom nobody has let in.
	expect(fine(settings, 'nowhere.x')).toBe(false);
});

test('keys are matched by the rules of topics, and both lists hold together', () => {
	const settings = { allowedQueues: ['normal'], allowedRoutingKeys: ['*.photos.#', 'normal.md5'] };
	expect(fine(settings, 'normal.photos')).toBe(true);
	expect(fine(settings, 'normal.photos.large.raw')).toBe(true);
	expect(fine(settings, 'normal.md5')).toBe(true);
	expect(fine(settings, 'priority.photos')).toBe(false);
	expect(fine(settings, 'normal.films')).toBe(false);
});

test('the refusal names key, queue, class and what is allowed', () => {
	const policy = policyOf('guests', { allowedQueues: ['normal'], allowedRoutingKeys: ['normal.#'] });
	expect(() => requireAllowed(policy, 'priority.x', route)).toThrow(
		'The routing key priority.x leads to the queue priority, which your service class guests does not allow; it allows the queues normal with routing keys like normal.#.',
	);
	expect(() => requireAllowed(policy, 'nowhere', route)).toThrow('leads to no queue');
});

test('work without a named key goes where the class lets it, and nowhere when there is no such place', () => {
	const keyOf = (settings: Parameters<typeof policyOf>[1]) =>
		allowedKey(policyOf('tight', settings), 'normal.md5', route);
	expect(keyOf({})).toBe('normal.md5');
	expect(keyOf({ allowedQueues: ['priority', 'normal'] })).toBe('normal.md5');
	expect(keyOf({ allowedQueues: ['priority'] })).toBe('priority.md5');
	expect(keyOf({ allowedRoutingKeys: ['*.photos', 'priority.#'] })).toBe('priority.md5');
	expect(keyOf({ allowedRoutingKeys: ['#.photos'] })).toBeNull();
	expect(keyOf({ allowedQueues: ['unbound'] })).toBeNull();
});
