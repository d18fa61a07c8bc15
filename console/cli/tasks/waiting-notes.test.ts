import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HttpClient } from '../../../shared/client/http-client.ts';
import { makeTaskDetail } from '../../../test/support/make-task-detail.ts';
import { standInId } from '../../../test/support/stand-in-id.ts';
import { StandInServer } from '../../../test/support/stand-in-server.ts';
import { WaitingNotes } from './waiting-notes.ts';

let server: StandInServer;
let open: string[];
let told: string[];

beforeEach(async () => {
	server = await StandInServer.start();
	open = [];
	told = [];
});
afterEach(() => server[Symbol.asyncDispose]());

const task = (fields: object, id = standInId('tsk')): string => {
	server.tasks.set(id, makeTaskDetail({ id, ...fields }));
	return id;
};
const notes = (signal = new AbortController().signal) =>
	new WaitingNotes({
		http: new HttpClient({ baseUrl: server.url, auth: { kind: 'token', token: 'mrt_given' } }),
		follower: { openIds: (most) => open.slice(0, most) },
		out: { note: (text) => told.push(text) },
		signal,
		lookMs: 1,
	});
const looks = async (count: number): Promise<void> => {
	const until = server.requests.length + count;
	await vi.waitFor(() => expect(server.requests.length).toBeGreaterThanOrEqual(until), { timeout: 30_000 });
};

describe('WaitingNotes', () => {
	it('tells the reason once, and again when it is another', async () => {
		const id = task({ waitingBecause: 'No node serves queue normal; it can start when one joins.' });
		open = [id];
		using _notes = notes();
		await looks(4);
		expect(told).toEqual(['noop is queued: No node serves queue normal; it can start when one joins.']);
		task({ waitingBecause: 'All 2 slots are taken and 12 tasks are ahead of it.' }, id);
		await looks(3);
		task({ waitingBecause: 'All 2 slots are taken and 9 tasks are ahead of it.' }, id);
		await looks(3);
		expect(told.slice(1)).toEqual(['noop is queued: All 2 slots are taken and 12 tasks are ahead of it.']);
	});

	it('looks past a task that runs', async () => {
		open = [task({ state: 'running' }), task({ waitingBecause: 'It needs 1 x capture-card.' })];
		using _notes = notes();
		await vi.waitFor(() => expect(told).toEqual(['noop is queued: It needs 1 x capture-card.']), { timeout: 30_000 });
	});

	it('says nothing of tasks that run, and goes on after a reading that failed', async () => {
		const id = standInId('tsk');
		open = [id];
		using _notes = notes();
		await looks(2);
		task({ state: 'running' }, id);
		await looks(2);
		expect(told).toEqual([]);
		task({ state: 'retrying' }, id);
		await vi.waitFor(() => expect(told).toEqual(['noop is retrying.']), { timeout: 30_000 });
	});

	it('looks no more when disposed', async () => {
		open = [task({ state: 'running' })];
		{
			using _notes = notes();
			await looks(1);
		}
		const before = server.requests.length;
		await new Promise((resolve) => setTimeout(resolve, 30));
		expect(server.requests.length).toBeLessThanOrEqual(before + 1);
	});
});
