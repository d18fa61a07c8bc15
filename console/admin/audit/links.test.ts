import { expect, test } from 'vitest';
import { linkOfId, linkOfObject } from './links.ts';

test('things with an id are found by it, whatever was done to them', () => {
	expect(linkOfId('nod_01')).toBe('/nodes/nod_01');
	expect(linkOfId('grp_01')).toBe('/groups');
	expect(linkOfId('bud_01')).toBe('/budgets?id=bud_01');
	expect(linkOfObject({ action: 'recipe.change', object: 'rcp_01', objectName: 'Faces & more' })).toBe(
		'/recipes?q=Faces+%26+more',
	);
	expect(linkOfObject({ action: 'password.reset', object: 'usr_01' })).toBe('/users/usr_01');
	expect([linkOfId('system'), linkOfId('unknown'), linkOfId('ses_01'), linkOfId('usr')]).toEqual(Array(4).fill(null));
});

test('things with a name are found by what was done', () => {
	expect(linkOfObject({ action: 'queue.pause', object: 'a b/c' })).toBe('/queues/a%20b%2Fc');
	expect(linkOfObject({ action: 'chore.run', object: 'back-up' })).toBe('/settings?tab=chores');
	expect(linkOfObject({ action: 'file.upload', object: '/a.jpg' })).toBe(null);
	expect(linkOfObject({ action: 'queue.read', object: '' })).toBe(null);
});
