import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../shared/coded-error.ts';
import type { HealthCheck } from '../../../shared/protocol/health.ts';
import { LIVE_TOPICS } from '../../../shared/protocol/live-updates.ts';
import { testActor } from '../../../test/support/bare-routes.ts';
import { LiveStage, taskChange } from '../../../test/support/live-stage.ts';
import { waitFor } from '../../../test/support/wait-for.ts';

let stage: LiveStage;
beforeEach(async () => {
	stage = await new LiveStage().start();
});
afterEach(() => stage[Symbol.asyncDispose]());

const closed = (client: Socket) => new Promise<string>((resolve) => client.once('disconnect', resolve));

describe('a screen is told', () => {
	it('of its own tasks and files only, numbered from one', async () => {
		const { answer, heard, patches } = await stage.watch('user', ['tasks', 'files']);
		expect(answer).toEqual({ ok: true, seq: 0 });
		stage.announcer.announce('task:changed', [taskChange(1, 'tsk_a', 1), taskChange(2, 'tsk_b', 1)]);
		stage.announcer.announce('file:changed', [
			{ ownerSeq: 1, id: 'fil_a', revision: 7, path: '/a', gone: false },
			{ ownerSeq: 2, id: 'fil_b', revision: 8, path: '/b', gone: false },
		]);
		stage.announcer.announce('node:changed', { id: 'nod_a', revision: 1, state: 'online', running: 0 });
		await waitFor('two patches', () => patches().length === 2);
		expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, index) => index + 1));
		expect(patches()).toEqual([
			expect.objectContaining({ kind: 'task', id: 'tsk_a', version: 1, progress: 0.5 }),
			{ kind: 'file', id: 'fil_a', version: 7, path: '/a', gone: false },
		]);
		expect(JSON.stringify(patches())).not.toContain('ownerSeq');
	});

	it('of things that whoever looks may read, and of changes that are too many', async () => {
		await stage.restart({ flushMs: 50 });
		stage.people.set('root', testActor(4, { role: 'administrator' }));
		stage.people.set('no-files', testActor(2, { scopes: ['tasks:read'] }));
		const screens = new Map<string, Awaited<ReturnType<typeof stage.watch>>>();
		expect(stage.isWatched).toBe(false);
		for (const who of ['user', 'other', 'no-files', 'root']) screens.set(who, await stage.watch(who, ['things']));
		expect(stage.isWatched).toBe(true);
		stage.members.set(9, [2, 7]);
		const about = { version: 3, gone: false };
		stage.announcer.announce('thing:changed', [
			{ what: 'job', id: 'job_1', readers: { person: 1 }, ...about },
			{ what: 'webhook', id: 'whk_2', readers: { person: 2 }, ...about },
			{ what: 'dataset', id: 'dts_1', readers: { person: 1 }, ...about },
			{ what: 'dataset', id: 'dts_group', readers: { group: 9 }, ...about },
			{ what: 'dataset', id: 'dts_all', readers: 'everybody', ...about },
			{ what: 'dataset', id: 'dts_all', readers: { person: 1 }, ...about },
		]);
		const ids = (who: string) =>
			screens
				.get(who)
				?.patches()
				.map(({ id }) => id) ?? [];
		await waitFor('all that is told', () => ids('other').length === 3 && ids('root').length === 3);
		expect(ids('user').sort()).toEqual(['dts_1', 'dts_all', 'job_1']);
		expect(ids('other').sort()).toEqual(['dts_all', 'dts_group', 'whk_2']);
		expect(ids('no-files')).toEqual(['whk_2']);
		// Other people's things are not an administrator's to watch, but their datasets are.
		expect(ids('root').sort()).toEqual(['dts_1', 'dts_all', 'dts_group']);
		expect(screens.get('user')?.patches()[0]).toEqual({
			kind: 'thing',
			what: 'job',
			id: 'job_1',
			version: 3,
			gone: false,
		});

		stage.announcer.announce('thing:many-changed', null);
		await waitFor('a gap', () => screens.get('user')?.heard.at(-1)?.patches.length === 0);
		for (const { client } of screens.values()) client.disconnect();
		await waitFor('nobody to watch', () => !stage.isWatched);
		expect(stage.announcer.hasListeners('thing:changed')).toBe(false);
	});

	it('of how the machines are doing only when it asks for that and may, all in one patch', async () => {
		const { patches } = await stage.watch('operator', ['node-metrics']);
		const others = await stage.watch('operator', ['nodes']);
		const nodes = [{ id: 'nod_a', running: 1, work: { md5: 1 }, metrics: { cpuLoad: 0.5 } }];
		stage.announcer.announce('node:measured', { at: 5, part: 0, nodes });
		stage.announcer.announce('node:changed', { id: 'nod_a', revision: 1, state: 'online', running: 0 });
		await waitFor('the patches', () => patches().length === 1 && others.patches().length === 1);
		expect(patches()).toEqual([{ kind: 'node-metrics', id: '0', version: 5, nodes }]);
		expect(others.patches()[0]?.kind).toBe('node');
	});

	it('of queues and checks that have changed, each as it is now, a thousand queues too', async () => {
		const { heard, patches } = await stage.watch('operator', ['queues', 'health']);
		const others = await stage.watch('operator', ['nodes']);
		const doing = { queued: 2, running: 1, oldestAt: null, inPerSecond: 0.5, outPerSecond: 0 };
		const pulse = (name: string) => ({ name, ...doing, paused: false, draining: false });
		const names = Array.from({ length: 1_000 }, (_, i) => `q${i}`);
		stage.announcer.announce('queue:measured', { at: 7, pulses: names.map(pulse), gone: ['old'] });
		const check = { name: 'disk', state: 'fail', what: 'It is full.', do: 'Make room.', since: '2026-01-01T00:00:00Z' };
		stage.announcer.announce('health:changed', { at: 8, checks: [check as HealthCheck] });
		await waitFor('all patches', () => patches().length === 1_002);
		expect(patches().at(0)).toEqual({ kind: 'queue', id: 'q0', version: 7, pulse: pulse('q0') });
		expect(patches().slice(-2)).toEqual([
			{ kind: 'queue', id: 'old', version: 7, pulse: null },
			{ kind: 'health', id: 'disk', version: 8, check },
		]);
		// None was left out.
		expect(heard.at(-1)?.seq).toBe(heard.length);
		expect(others.patches()).toEqual([]);
	});

	it('of all tasks and of nodes when it may', async () => {
		const { patches } = await stage.watch('operator', ['nodes', 'all-tasks']);
		stage.announcer.announce('task:changed', [taskChange(1, 'tsk_a', 1), taskChange(2, 'tsk_b', 1)]);
		stage.announcer.announce('node:changed', { id: 'nod_a', revision: 1, state: 'online', running: 2 });
		await waitFor('three patches', () => patches().length === 3);
	});

	it.each([
		['user', ['nodes'], 'forbidden'],
		['user', ['node-metrics'], 'forbidden'],
		['user', ['tasks', 'all-tasks'], 'forbidden'],
		['files-only', ['tasks'], 'insufficient-scope'],
		['files-only', ['things'], 'insufficient-scope'],
		['user', ['secrets'], 'invalid'],
		['user', ['queues'], 'forbidden'],
		['user', ['health'], 'forbidden'],
		['user', Array<string>(LIVE_TOPICS.length + 1).fill('tasks'), 'invalid'],
	])('%s asking for %j: %s', async (who, topics, code) => {
		const { answer, heard } = await stage.watch(who, topics);
		expect(answer).toEqual({ ok: false, code });
		stage.announcer.announce('task:changed', [taskChange(1, 'tsk_a', 1)]);
		expect(stage.announcer.hasListeners('task:changed')).toBe(false);
		expect(heard).toEqual([]);
	});

	it('only the latest of what changes often', async () => {
		await stage.restart({ flushMs: 50 });
		const { patches } = await stage.watch('user', ['tasks']);
		for (let version = 1; version <= 100; version += 1) {
			stage.announcer.announce('task:changed', [
				taskChange(1, 'tsk_a', version),
				taskChange(1, 'tsk_b', 101 - version),
			]);
		}
		await waitFor('the patches', () => patches().length === 2);
		expect(patches().map((patch) => patch.version)).toEqual([100, 100]);
	});

	it('to read again when there is too much to tell', async () => {
		await stage.restart({ patches: 10 });
		const { heard, patches } = await stage.watch('user', ['tasks']);
		stage.announcer.announce(
			'task:changed',
			Array.from({ length: 25 }, (_, i) => taskChange(1, `tsk_${i}`, 1)),
		);
		await waitFor('the message', () => heard.length === 1);
		expect([heard[0]?.seq, patches().length]).toEqual([2, 10]);
		stage.announcer.announce('task:many-changed', { ownerSeq: 2 });
		stage.announcer.announce('task:many-changed', { ownerSeq: 1 });
		await waitFor('the second', () => heard.length === 2);
		expect(heard[1]).toEqual({ seq: 4, patches: [] });
	});

	it('at no cost when nobody watches', async () => {
		const events = ['task:changed', 'task:many-changed', 'file:changed', 'node:changed'] as const;
		const listening = () => events.filter((event) => stage.announcer.hasListeners(event));
		expect(listening()).toEqual([]);
		const { client } = await stage.watch('user', ['files']);
		expect(listening()).toEqual(['file:changed']);
		await client.emitWithAck('subscribe', { topics: ['tasks'] });
		expect(listening()).toEqual(['task:changed', 'task:many-changed']);
		client.disconnect();
		await waitFor('the end', () => listening().length === 0);
	});
});

describe('a screen is closed', () => {
	it('when its session has ended, after a word', async () => {
		const { client, heard } = await stage.watch('user', ['tasks']);
		const others = await stage.watch('other', ['tasks']);
		let word = false;
		client.on('live:signed-out', () => {
			word = true;
		});
		stage.people.delete('user');
		stage.announcer.announce('account:ended', { userSeq: 1, credentialId: 'ses_other' });
		stage.announcer.announce('account:ended', { userSeq: 1, credentialId: 'ses_1' });
		stage.announcer.announce('task:changed', [taskChange(1, 'tsk_a', 1)]);
		expect(await closed(client)).toBe('io server disconnect');
		expect([word, heard, others.client.connected]).toEqual([true, [], true]);
	});

	it('when all of the person was ended, and not when it was somebody else', async () => {
		const { client } = await stage.watch('user', ['tasks']);
		stage.announcer.announce('account:ended', { userSeq: 2, credentialId: null });
		stage.people.delete('user');
		stage.announcer.announce('account:ended', { userSeq: 1, credentialId: null });
		await closed(client);
	});

	it('when nobody said so but the credential has ended', async () => {
		await stage.restart({ recheckMs: 20 });
		const { client } = await stage.watch('user', ['tasks']);
		stage.people.set('user', new CodedError('overloaded'));
		const before = stage.asked;
		await waitFor('it to be stage.asked in vain', () => stage.asked > before + 2);
		expect(client.connected).toBe(true);
		stage.people.delete('user');
		await closed(client);
	});

	it('only half when it has lost a role', async () => {
		const { client, patches } = await stage.watch('operator', ['all-tasks', 'tasks']);
		stage.people.set('operator', testActor(3));
		stage.announcer.announce('account:ended', { userSeq: 3, credentialId: null });
		await client.emitWithAck('subscribe', 'a round trip');
		stage.announcer.announce('task:changed', [taskChange(1, 'tsk_other', 1), taskChange(3, 'tsk_own', 1)]);
		await waitFor('a patch', () => patches().length > 0);
		expect(patches().map(({ id }) => id)).toEqual(['tsk_own']);
	});

	it('when a frame is too large or frames are too many', async () => {
		const large = await stage.watch('user', ['tasks']);
		large.client.emit('subscribe', { topics: ['x'.repeat(66_000)] });
		await closed(large.client);
		const many = await stage.watch('user', ['tasks']);
		for (let i = 0; i < 150; i += 1) many.client.emit('subscribe', { topics: [] });
		await closed(many.client);
		const other = await stage.watch('other', ['tasks']);
		expect(other.answer.ok).toBe(true);
	});

	it('when it leaves and comes back without end', async () => {
		const { client } = await stage.watch('user', ['tasks']);
		const gone = new Promise<string>((resolve) => client.io.once('close', resolve));
		for (let i = 0; i < 80; i += 1) client.io.engine.send(i % 2 === 0 ? '41/live,' : '40/live,{"token":"user"}');
		for (let i = 0; i < 80; i += 1) client.io.engine.send('40/live,{"token":"wrong"}');
		await gone;
		await waitFor('it to be forgotten', () => stage.door.size === 0);
	});

	it('when it does not read', async () => {
		await stage.restart({ bufferedBytes: 200_000 });
		const { client } = await stage.watch('user', ['tasks']);
		(client.io.engine.transport as unknown as { ws: { _socket: { pause(): void } } }).ws._socket.pause();
		let version = 0;
		await waitFor('the screen to be cut off', () => {
			version += 1;
			const phase = 'x'.repeat(2_000);
			stage.announcer.announce(
				'task:changed',
				Array.from({ length: 500 }, (_, i) => ({ ...taskChange(1, `tsk_${i}`, version), phase })),
			);
			return stage.door.size === 0;
		});
	});
});
