import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../coordinator/database/new-id.ts';
import { QosRoom } from '../../test/support/qos-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from './version-condition.ts';

let room: QosRoom;
beforeEach(async () => {
	room = await QosRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const code = (attempt: Promise<unknown>) =>
	attempt.then(
		() => null,
		(error: { code: string }) => error.code,
	);
const change = (id: string, what: object) => room.groups.change(id, what, ANY_VERSION, SYSTEM);

describe('groups', () => {
	it('lie in each other, in no circle', async () => {
		const a = await room.group('a');
		const b = await room.group('b', null, a);
		const c = await room.group('c', null, b);
		expect(await code(change(a, { parent: c }))).toBe('group-cycle');
		expect(await code(change(a, { parent: a }))).toBe('group-cycle');
		expect(await room.groups.get(a)).toMatchObject({ parent: null, version: 1 });
		expect(await code(change(c, { parent: a }))).toBeNull();
	});

	it('lie at most eight deep in each other, also when a whole tree is moved', async () => {
		let deepest = await room.group('g1');
		for (let i = 2; i <= 8; i += 1) deepest = await room.group(`g${i}`, null, deepest);
		expect(await code(room.group('g9', null, deepest))).toBe('invalid');
		const top = await room.group('top');
		const g1 = (await room.groups.list({ limit: 1 })).items[0]!.id;
		expect(await code(change(g1, { parent: top }))).toBe('invalid');
	});

	it('have names that no other one has, in any spelling', async () => {
		const lab = await room.group('Lab');
		expect(await code(room.group('LAB'))).toBe('name-taken');
		const other = await room.group('other');
		expect(await code(change(other, { name: 'lab' }))).toBe('name-taken');
		expect(await change(lab, { name: 'LAB' })).toMatchObject({ name: 'LAB', version: 2 });
	});

	it('give only classes that are there, and lie only in groups that are', async () => {
		expect(await code(room.group('lab', 'nothing'))).toBe('unknown-service-class');
		expect(await code(room.group('lab', null, newId('group')))).toBe('invalid');
		const lab = await room.group('lab');
		expect(await code(change(lab, { serviceClass: 'nothing' }))).toBe('unknown-service-class');
		expect(await code(change(newId('group'), { name: 'x' }))).toBe('not-found');
	});

	it('tell what counts for their people, from which group, and what does not count now', async () => {
		const outer = await room.group('outer', 'priority');
		const inner = await room.group('inner', null, outer);
		const { policy } = await room.groups.get(inner);
		expect(policy).toMatchObject({ serviceClass: 'priority', because: 'given to group outer', passedOver: [] });
		expect(policy.values.map(({ path }) => path)).toEqual(expect.arrayContaining(['band', 'weight']));
		await room.groups.setMember(inner, room.user(1), true, SYSTEM);
		expect(room.classOf(1)).toBe(policy.serviceClass);
		expect((await room.groups.get(await room.group('none'))).policy.serviceClass).toBe('standard');
		const validFrom = new Date(Date.now() + 9e9).toISOString();
		await room.put('later', { validFrom });
		await change(inner, { serviceClass: 'later' });
		expect((await room.groups.get(inner)).policy).toMatchObject({
			serviceClass: 'priority',
			passedOver: [`class later, given to group inner: counts only from ${validFrom} on`],
		});
		const told = (await room.groups.list({ limit: 10 })).items.map(({ name, inForce }) => [name, inForce]);
		expect(told, 'and the list tells the same').toEqual([
			['outer', { serviceClass: 'priority', group: 'outer' }],
			['inner', { serviceClass: 'priority', group: 'outer' }],
			['none', { serviceClass: 'standard', group: null }],
		]);
	});

	it('are not deleted while another lies in them; their members leave them', async () => {
		const outer = await room.group('outer', 'priority');
		const inner = await room.group('inner', null, outer);
		await room.groups.setMember(inner, room.user(1), true, SYSTEM);
		expect(room.classOf(1)).toBe('priority');
		expect(await code(room.groups.delete(outer, ANY_VERSION, SYSTEM))).toBe('conflict');
		expect(await code(room.groups.delete(inner, ANY_VERSION, SYSTEM))).toBeNull();
		expect(room.classOf(1)).toBe('standard');
		expect(await code(room.groups.delete(inner, ANY_VERSION, SYSTEM))).toBe('not-found');
	});

	it('have members, once each, a page at a time', async () => {
		const lab = await room.group('lab');
		const users = [1, 2, 3].map((seq) => room.user(seq));
		for (const id of [...users, users[0]!]) await room.groups.setMember(lab, id, true, SYSTEM);
		expect(await room.groups.get(lab)).toMatchObject({ members: 3 });
		const first = await room.groups.members(lab, { limit: 2 });
		const second = await room.groups.members(lab, { limit: 2, cursor: first.nextCursor! });
		expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(users);
		expect(second.nextCursor).toBeNull();
		for (let i = 0; i < 2; i += 1) await room.groups.setMember(lab, users[1]!, false, SYSTEM);
		expect((await room.groups.members(lab, { limit: 9 })).items.map(({ username }) => username)).toEqual(['u1', 'u3']);
		expect(await code(room.groups.setMember(lab, newId('user'), true, SYSTEM))).toBe('not-found');
		expect(await code(room.groups.setMember(newId('group'), users[0]!, true, SYSTEM))).toBe('not-found');
	});

	it('of one person are at most a hundred, and all together a thousand', async () => {
		const user = room.user(1);
		const ids: string[] = [];
		for (let i = 0; i < 1_000; i += 1) ids.push(await room.group(`g${i}`));
		for (const id of ids.slice(0, 100)) await room.groups.setMember(id, user, true, SYSTEM);
		expect(await code(room.groups.setMember(ids[100]!, user, true, SYSTEM))).toBe('too-many-things');
		expect(await room.groups.get(ids[100]!)).toMatchObject({ members: 0 });
		expect(await code(room.group('one more'))).toBe('too-many-things');
	}, 60_000);

	it('are changed by one of those who change the same version at once', async () => {
		const lab = await room.group('lab');
		const first = { ifMatch: ['1'], ifNoneMatch: null };
		const codes = await Promise.all(['x', 'y'].map((name) => code(room.groups.change(lab, { name }, first, SYSTEM))));
		expect(codes).toEqual([null, 'precondition-failed']);
		expect(await code(room.groups.delete(lab, first, SYSTEM))).toBe('precondition-failed');
	});

	it('are audited with what was before and after', async () => {
		const lab = await room.group('lab');
		await change(lab, { serviceClass: 'priority' });
		await change(lab, { serviceClass: 'priority' });
		const user = room.user(1);
		await room.groups.setMember(lab, user, true, SYSTEM);
		await room.groups.setMember(lab, user, false, SYSTEM);
		await room.groups.delete(lab, ANY_VERSION, SYSTEM);
		const { items } = await room.audit.list({}, { limit: 100 });
		expect(items.reverse().map(({ action, detail }) => [action, detail])).toEqual([
			['group.create', { after: { name: 'lab', parent: null, serviceClass: null } }],
			[
				'group.change',
				{
					before: { name: 'lab', parent: null, serviceClass: null },
					after: { name: 'lab', parent: null, serviceClass: 'priority' },
				},
			],
			['group.add-member', { group: 'lab', user }],
			['group.remove-member', { group: 'lab', user }],
			['group.delete', { before: { name: 'lab', parent: null, serviceClass: 'priority', members: 0 } }],
		]);
	});
});
