import { Server } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient } from '../../../shared/client/http-client.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { TaskState } from '../../../shared/protocol/task.ts';
import { makeTaskDetail } from '../../../test/support/make-task-detail.ts';
import { standInId } from '../../../test/support/stand-in-id.ts';
import { StandInServer } from '../../../test/support/stand-in-server.ts';
import { TaskFollower } from './task-follower.ts';

let server: StandInServer;
let http: HttpClient;
let interrupt: AbortController;
/** The live door, when a test has opened it. */
let io: Server | null;
let seq: number;

beforeEach(async () => {
	server = await StandInServer.start();
	http = new HttpClient({ baseUrl: server.url, auth: { kind: 'token', token: 'mrt_given' } });
	interrupt = new AbortController();
	io = null;
	seq = 0;
});
afterEach(async () => {
	await io?.close();
	if (io === null) await server[Symbol.asyncDispose]();
});

/** A live door; resolves when the client has taken in that it is subscribed: it has answered two pings since. */
const liveDoor = (): Promise<void> => {
	io = new Server(server.http, { transports: ['websocket'], pingInterval: 20 });
	return new Promise((resolve) => {
		io?.of('/live').on('connection', (socket) => {
			socket.on('subscribe', (_topics, answer) => {
				answer({ ok: true, seq });
				let pongs = 0;
				socket.conn.on('packet', ({ type }) => {
					pongs += type === 'pong' ? 1 : 0;
					if (pongs === 2) resolve();
				});
			});
		});
	});
};

const tell = (id: string, state: string, skip = 0): void => {
	seq += 1 + skip;
	const patch: LivePatch = {
		kind: 'task',
		id,
		version: 2,
		type: 'noop',
		state,
		progress: null,
		phase: null,
		file: null,
		node: null,
	};
	io?.of('/live').emit('live:patch', { seq, patches: [patch] });
};

const task = (state: TaskState): string => {
	const id = standInId('tsk');
	server.tasks.set(id, makeTaskDetail({ id, state }));
	return id;
};
const becomes = (id: string, state: TaskState) => server.tasks.set(id, makeTaskDetail({ id, state }));

const reads = (id: string): number => server.requests.filter((request) => request === `GET /api/v1/tasks/${id}`).length;

describe('TaskFollower', () => {
	it('hears ends live, without reading tasks', async () => {
		const subscribed = liveDoor();
		using follower = new TaskFollower({ http, signal: interrupt.signal });
		await subscribed;
		const [a, b] = [task('running'), task('running')];
		follower.follow([a, b]);
		tell(a, 'running');
		tell(a, 'succeeded');
		tell(b, 'failed');
		await follower.allEnded();
		expect([...follower.ends]).toEqual([
			[a, 'succeeded'],
			[b, 'failed'],
		]);
		expect(reads(a) + reads(b)).toBe(0);
	});

	it('knows the end of a task that ended before it was followed', async () => {
		const subscribed = liveDoor();
		using follower = new TaskFollower({ http, signal: interrupt.signal });
		await subscribed;
		const [before, marker] = [standInId('tsk'), task('running')];
		follower.follow([marker]);
		tell(before, 'succeeded');
		tell(marker, 'succeeded');
		await follower.allEnded();
		// It cannot be read any more: what was heard must be enough.
		follower.follow([before]);
		await follower.allEnded();
		expect(follower.ends.get(before)).toBe('succeeded');
	});

	it('reads again after a gap', async () => {
		const subscribed = liveDoor();
		using follower = new TaskFollower({ http, signal: interrupt.signal });
		await subscribed;
		const missed = task('running');
		follower.follow([missed]);
		becomes(missed, 'succeeded');
		tell(standInId('tsk'), 'queued', 1);
		await follower.allEnded();
		expect(follower.ends.get(missed)).toBe('succeeded');
	});

	it('reads by itself where there are no live updates', async () => {
		using follower = new TaskFollower({ http, signal: interrupt.signal });
		const id = task('running');
		follower.follow([id]);
		becomes(id, 'cancelled');
		await follower.allEnded();
		expect(follower.ends.get(id)).toBe('cancelled');
	});

	it('gives up when a task is gone', async () => {
		using follower = new TaskFollower({ http, signal: interrupt.signal });
		follower.follow([standInId('tsk')]);
		await expect(follower.allEnded()).rejects.toMatchObject({ code: 'not-found' });
	});

	it('gives up when interrupted', async () => {
		using follower = new TaskFollower({ http, signal: interrupt.signal });
		follower.follow([task('running')]);
		const ended = follower.allEnded();
		interrupt.abort();
		await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
	});

	it('gives up when the token is ended', async () => {
		const subscribed = liveDoor();
		using follower = new TaskFollower({ http, signal: interrupt.signal });
		await subscribed;
		follower.follow([task('running')]);
		io?.of('/live').emit('live:signed-out');
		await expect(follower.allEnded()).rejects.toMatchObject({ code: 'unauthenticated' });
	});

	it('has nothing to wait for when nothing is followed', async () => {
		using follower = new TaskFollower({ http, signal: interrupt.signal });
		await follower.allEnded();
		expect(follower.openCount).toBe(0);
	});
});
