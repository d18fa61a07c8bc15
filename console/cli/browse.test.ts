import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();

const millrace = (...argv: readonly string[]) => stage.run(argv);

const NOOP = {
	name: 'noop',
	title: 'Nothing',
	inputs: { mediaTypes: ['*/*'], min: 0, max: 1 },
	routingKey: 'normal.noop',
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: { sleepMs: { type: 'integer' }, echo: {} },
	},
};

describe('ls', () => {
	it('lists folders and files over several pages', async () => {
		for (const name of ['a', 'b', 'c', 'x/d']) stage.server.put(`/${name}`, name);
		expect((await millrace('ls')).stdout).toBe('x/\na\nb\nc\n');
		expect((await millrace('ls', '-R')).stdout).toBe('x/\n/x/d\n/a\n/b\n/c\n'.replace('x/\n', '/x/\n'));
		const { items } = (await millrace('ls', '/', '--json')).json as { items: unknown[] };
		expect(items).toHaveLength(4);
	});

	it('shows sizes and times, and one file by path or id', async () => {
		const { id } = stage.server.put('/x/a.txt', 'hello');
		const ran = await millrace('ls', '-l', '/x/a.txt');
		expect(ran.stdout).toMatch(/fil_\S+ +5 B +2026-01-02 .* +a\.txt\n/);
		expect((await millrace('ls', id)).stdout).toBe('a.txt\n');
	});

	it('says what is not there', async () => {
		const ran = await millrace('ls', '/nothing');
		expect(ran.code).toBe(4);
		expect(ran.stderr).toContain('There is nothing at /nothing');
	});

	it('shows names with control characters without obeying them', async () => {
		stage.server.put('/a\u001b]0;owned\u0007\u202etxt.exe', 'x');
		const { stdout } = await millrace('ls');
		expect(stdout).toBe('a\\x1b]0;owned\\x07\\u{202e}txt.exe\n');
	});
});

describe('rm', () => {
	it('removes by path and id, and goes on after what cannot be removed', async () => {
		stage.server.put('/a', 'a');
		const { id } = stage.server.put('/b', 'b');
		stage.server.put('/x/c', 'c');
		const ran = await millrace('rm', '/a', '/nothing', '/x', id);
		expect(ran.code).toBe(4);
		expect(ran.stderr).toContain('/x is a folder');
		expect([...stage.server.files.keys()]).toEqual(['/x/c']);
	});

	it('never removes the root', async () => {
		expect((await millrace('rm', '-r', '/')).code).toBe(2);
	});
});

describe('run', () => {
	it('types parameters by the schema of the task type', async () => {
		stage.server.taskTypes = [NOOP];
		const { id } = stage.server.put('/a', 'a');
		const ran = await millrace(
			'run',
			'noop',
			'/a',
			'--param',
			'sleepMs=5',
			'--queue-key',
			'priority.noop',
			'--priority',
			'9',
			'--json',
		);
		expect(ran.code, ran.stderr).toBe(0);
		expect(stage.server.submitted).toEqual([
			{ type: 'noop', inputs: [{ file: id }], parameters: { sleepMs: 5 }, routingKey: 'priority.noop', priority: 9 },
		]);
		expect(ran.json).toEqual({ ids: [expect.stringMatching(/^tsk_/)] });
	});

	it('makes one task for each file when the type takes one', async () => {
		stage.server.taskTypes = [NOOP];
		for (const name of ['/a', '/b', '/c']) stage.server.put(name, name);
		await millrace('run', 'noop', '/a', '/b', '/c');
		expect(stage.server.submitted).toHaveLength(3);
	});

	it('names what it does not know before anything is submitted', async () => {
		stage.server.taskTypes = [NOOP];
		const unknown = await millrace('run', 'nope');
		expect(unknown.code).toBe(2);
		expect(unknown.stderr).toContain('There are: noop');
		expect((await millrace('run', 'noop', '/nothing')).code).toBe(4);
		expect((await millrace('run', 'noop', '--param', 'sleep=1')).stderr).toContain('sleepMs, echo');
		expect((await millrace('run', 'noop', '--params', '[]')).code).toBe(2);
		expect((await millrace('run', 'noop', '--params', '{}', '--param', 'echo=1')).code).toBe(2);
		expect((await millrace('run', 'noop', '--queue-key', 'a..b')).code).toBe(2);
		expect(stage.server.submitted).toEqual([]);
	});
});

describe('task', () => {
	it('shows what a task has written without obeying it', async () => {
		const id = standInId('tsk');
		const lines = ['\u001b]0;owned\u0007\u001b[2Jgone', 'a\rb', '\u009b31mred', 'plain ä'];
		stage.server.instead.set(`GET /api/v1/tasks/${id}/log`, (_request, response, url) => {
			const at = '2026-01-01T00:00:00Z';
			const all = lines.map((text, seq) => ({ seq, at, stream: 'out', text }));
			const items = url.searchParams.has('after') ? [] : all;
			stage.server.json(response, 200, { items, nextSeq: lines.length });
		});
		expect((await millrace('task', id, '--log')).stdout).toBe(
			'\\x1b]0;owned\\x07\\x1b[2Jgone\na\\rb\n\\x9b31mred\nplain ä\n',
		);
		expect((await millrace('task', id, '--log', '--json')).lines).toMatchObject(lines.map((text) => ({ text })));
	});

	it('says that there is no log, where nothing was written', async () => {
		const id = standInId('tsk');
		stage.server.instead.set(`GET /api/v1/tasks/${id}/log`, (_request, response) =>
			stage.server.json(response, 200, { items: [], nextSeq: 0 }),
		);
		const ran = await millrace('task', id, '--log');
		expect(ran.stdout).toBe('');
		expect(ran.stderr).toContain('There is no log');
	});

	it('takes only ids of tasks, and says when there is no such task', async () => {
		expect((await millrace('task', 'nonsense')).code).toBe(2);
		expect((await millrace('task', standInId('tsk'))).code).toBe(4);
	});
});

describe('task --file', () => {
	const filing = (state: 'filed' | 'unfiled') => ({
		...{ name: 'resized.jpg', state, file: state === 'filed' ? standInId('fil') : null },
		...{ path: state === 'filed' ? '/small/resized.jpg' : null },
		...{ version: state === 'filed' ? 1 : null, reason: state === 'filed' ? null : '/a is a file.' },
	});

	it('makes files of what stays with a task, and fails when something still does', async () => {
		const id = standInId('tsk');
		stage.answer(`POST /api/v1/tasks/${id}:file`, 200, () => ({ filings: [filing('filed')] }));
		expect((await stage.run(['task', id, '--file', '/small/'])).stdout).toContain(
			'resized.jpg  /small/resized.jpg (fil_',
		);
		expect((await stage.run(['task', id, '--file', 'beside'])).code).toBe(0);
		expect(stage.sent.map(([, body]) => body)).toEqual([{ place: 'folder', folder: '/small' }, { place: 'beside' }]);
		stage.answer(`POST /api/v1/tasks/${id}:file`, 200, () => ({ filings: [filing('unfiled')] }));
		const left = await stage.run(['task', id, '--file', '/a']);
		expect([left.code, left.stdout]).toEqual([1, expect.stringContaining('none: /a is a file.')]);
		expect((await stage.run(['task', id, '--file', 'nonsense'])).code).toBe(2);
	});
});

describe('completion', () => {
	it.each(['bash', 'zsh'])('prints a script for %s and nothing else', async (shell) => {
		const ran = await millrace('completion', shell);
		expect(ran.code).toBe(0);
		expect(ran.stdout).toContain('whoami');
		expect(ran.stdout).toContain('--skip-same');
		expect(ran.stderr).toBe('');
	});
});
