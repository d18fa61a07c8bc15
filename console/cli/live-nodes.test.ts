import { Server } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import type { LivePatch } from '../../shared/protocol/live-updates.ts';
import { type NodeView, nodeViewSchema } from '../../shared/protocol/node.ts';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';
import { boardLines, NodeBoard } from './monitoring/node-board.ts';

const stage = commandLineStage();
let io: Server | null = null;
afterEach(async () => {
	await io?.close();
	io = null;
});

const nodeOf = (name: string, fields: Partial<NodeView> = {}): NodeView =>
	nodeViewSchema.parse({
		...{ id: standInId('nod'), name, state: 'online', queues: ['normal'], concurrency: 4, running: 1 },
		capabilities: { cores: 2, memoryBytes: 8e9, hardware: {}, taskTypes: ['noop'] },
		...{ metrics: { cpuLoad: 0.5, memoryUsedBytes: 4e9 }, lastSeenAt: '2026-01-02T03:04:05.000Z', ...fields },
	});

/** A server that lists the nodes, and tells its subscribers what it is told to tell. */
const serve = (nodes: () => NodeView[]): ((patch: LivePatch) => void) => {
	stage.server.instead.set('GET /api/v1/admin/nodes', (_request, response) =>
		stage.server.json(response, 200, { items: nodes(), nextCursor: null }),
	);
	const server = new Server(stage.server.http, { transports: ['websocket'] });
	io = server;
	let seq = 0;
	server.of('/live').on('connection', (socket) => {
		socket.on('subscribe', ({ topics }, answer) => {
			expect(topics).toEqual(['nodes', 'node-metrics']);
			answer({ ok: true, seq });
		});
	});
	return (patch) => {
		seq += 1;
		server.of('/live').emit('live:patch', { seq, patches: [patch] });
	};
};

describe('nodes --live', () => {
	it('says as lines of JSON what it hears, until interrupted', async () => {
		const node = nodeOf('vm-1');
		const metrics = { cpuLoad: 0.75 };
		const tell = serve(() => [node]);
		const end = new AbortController();
		// Whoever has not subscribed yet hears nothing: with each line it is told again.
		const onStdout = (text: string) => {
			if (text.includes('"running":3')) end.abort();
			else tell({ kind: 'node-metrics', id: '0', version: 1, nodes: [{ id: node.id, running: 3, work: {}, metrics }] });
		};
		const { code, lines, stderr } = await stage.run(['nodes', '--live', '--json'], { signal: end.signal, onStdout });
		expect([code, stderr]).toEqual([130, expect.any(String)]);
		expect(lines[0]).toMatchObject({ at: expect.any(String), nodes: [{ name: 'vm-1', running: 1 }] });
		expect(lines.at(-1)).toMatchObject({ nodes: [{ name: 'vm-1', running: 3, concurrency: 4, metrics }] });
	});

	it('draws over itself on a terminal, and reads again when a node comes', async () => {
		const nodes = [nodeOf('vm-1')];
		const coming = nodeOf('vm-2');
		const tell = serve(() => nodes);
		const end = new AbortController();
		const onStdout = (text: string) => {
			nodes[1] ??= coming;
			if (text.includes('vm-2')) end.abort();
			else tell({ kind: 'node', id: coming.id, version: 1, state: 'online', running: 0 });
		};
		const terminal = { columns: 60, rows: 10 };
		const { code, stdout } = await stage.run(['nodes', '--live'], { signal: end.signal, onStdout, terminal });
		expect(code).toBe(130);
		const frames = stdout.split('\u001b[J');
		expect(frames[0]).toMatch(/^\d{4}-\S+ \S+ {2}Ctrl-C ends/);
		expect(frames[0]).toContain('\u001b[32monline');
		expect(frames[1]?.startsWith('\u001b[3F')).toBe(true);
		expect(frames.at(-2)).toMatch(/vm-1.*\n.*vm-2/);
	});

	it('is not for those who want to steer', async () => {
		const { code, stderr } = await stage.run(['nodes', 'drain', 'vm-1', '--live']);
		expect([code, stderr]).toEqual([2, expect.stringContaining('only looks')]);
	});
});

describe('the board', () => {
	const words = (lines: { text: string }[][]) => lines.map((line) => line.map(({ text }) => text).join(''));

	it.each([200, 60, 30, 12])('has no line of more than %i cells', (width) => {
		const lines = words(boardLines([nodeOf('a-node-with-a-long-name'), nodeOf('b')], width, 10));
		expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
		expect(lines[1]).toMatch(/^a-node-with/);
		expect(lines.some((line) => line.includes('50 %'))).toBe(width >= 60);
	});

	it('counts those for whom there is no room', () => {
		const many = Array.from({ length: 9 }, (_, i) => nodeOf(`vm-${i}`));
		const lines = words(boardLines(many, 80, 5));
		expect(lines).toHaveLength(5);
		expect(lines.at(-1)).toBe('… and 6 more');
		expect(words(boardLines(many, 80, 10))).toHaveLength(10);
	});

	it('knows when it has to be read again', () => {
		const board = new NodeBoard();
		const node = nodeOf('vm-1');
		board.read([node, nodeOf('old', { state: 'revoked' })]);
		board.isStale = false;
		board.hear({ kind: 'node', id: node.id, version: 1, state: 'online', running: 2 });
		expect([board.isStale, board.nodes]).toMatchObject([false, [{ name: 'vm-1', running: 2 }]]);
		board.hear({ kind: 'node', id: node.id, version: 2, state: 'draining', running: 2 });
		expect(board.isStale).toBe(true);
	});
});
