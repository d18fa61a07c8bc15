import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestSchema } from '../../shared/protocol/task-type.ts';
import { runMillrace } from '../../test/support/run-millrace.ts';
import { StandInServer } from '../../test/support/stand-in-server.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';

const PICTURE = manifestSchema.parse({
	name: 'picture',
	title: 'Picture',
	description: 'Makes pictures.',
	routingKey: 'normal.picture',
	inputs: { mediaTypes: ['image/*'], min: 0, max: 1 },
	parameters: {
		type: 'object',
		properties: {
			maxWidth: { type: 'integer', minimum: -5, maximum: 4096, default: 120, title: 'Width', description: 'Pixels' },
			fit: { type: 'string', enum: ['inside', 'cover'] },
			enlarge: { type: 'boolean', default: false },
			sizes: { type: 'array', items: { type: 'integer' } },
			priority: { type: 'string' },
			version: { type: 'string' },
		},
	},
});

let server: StandInServer;
let folder: TempFolder;

beforeEach(async () => {
	server = await StandInServer.start();
	server.taskTypes = [PICTURE];
	folder = new TempFolder();
});
afterEach(async () => {
	await server[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const millrace = (...argv: readonly string[]) =>
	runMillrace(argv, { home: folder.path, env: { MILLRACE_URL: server.url, MILLRACE_TOKEN: 'mrt_given' } });
const parameters = () => server.submitted.map((task) => task.parameters);

describe('run', () => {
	it('has a flag for each parameter, wherever it stands', async () => {
		const { id } = server.put('/a.jpg', 'a');
		const ran = await millrace('run', 'picture', '--max-width', '200', '/a.jpg', '--fit=cover', '--enlarge', '--json');
		expect(ran.code, ran.stderr).toBe(0);
		expect(server.submitted).toEqual([
			{ type: 'picture', inputs: [{ file: id }], parameters: { maxWidth: 200, fit: 'cover', enlarge: true } },
		]);
	});

	it('takes switches both ways, lists by repeating, and negative numbers', async () => {
		await millrace('run', 'picture', '--no-enlarge', '--sizes', '1', '--sizes', '2', '--max-width', '-5');
		await millrace('run', 'picture', '--enlarge=no', '--sizes', '[3]', '--param', 'maxWidth=9');
		expect(parameters()).toEqual([
			{ enlarge: false, sizes: [1, 2], maxWidth: -5 },
			{ enlarge: false, sizes: [3], maxWidth: 9 },
		]);
	});

	it('keeps its own options: a parameter of that name is given with --param', async () => {
		await millrace('run', 'picture', '--priority', '3', '--param', 'priority=high', '--param', 'version=2');
		expect(server.submitted).toEqual([
			{ type: 'picture', inputs: [], parameters: { priority: 'high', version: '2' }, priority: 3 },
		]);
	});

	it.each([
		[['--maxwidth', '1'], 'There is no option --maxwidth; the task type has: --max-width, --fit, --enlarge, --sizes'],
		[['--max-width'], 'needs a value'],
		[['--max-width', 'wide'], 'of type integer'],
		[['--max-width', '5000'], 'maxWidth must be 4096 or less'],
		[['--fit', 'tight'], 'fit must be one of: inside, cover'],
		[['--max-width', '1', '--max-width', '2'], 'given twice'],
		[['--max-width', '1', '--params', '{}'], 'not both'],
		[['--no-fit'], 'no option --no-fit'],
		[['--param', 'fit=cover', '--fit', 'cover'], 'given twice'],
	])('refuses %j before anything is sent', async (argv, said) => {
		const ran = await millrace('run', 'picture', ...argv);
		expect(ran.code).toBe(2);
		expect(ran.stderr).toContain(said);
		expect(server.submitted).toEqual([]);
	});

	it('says to name the task type first', async () => {
		for (const argv of [[], ['--max-width', '1', 'picture']]) {
			const ran = await millrace('run', ...argv);
			expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('Name the task type first')]);
		}
	});

	it('prints the parameters of the type in its help, and helps without one too', async () => {
		const { stdout, code } = await millrace('run', 'picture', '--help');
		expect(code).toBe(0);
		expect(stdout).toContain('--queue-key');
		expect(stdout).toMatch(/--max-width <N> +Width: Pixels \(-5 to 4096; default: 120\)/);
		expect(stdout).toMatch(/--fit <inside\|cover> +fit/);
		expect(stdout).toMatch(/--enlarge, --no-enlarge +enlarge \(default: false\)/);
		expect(stdout).toMatch(/--sizes <N…> +sizes \(repeatable\)/);
		expect(stdout).toMatch(/--param priority=TEXT/);
		expect(stdout).toMatch(/--param version=TEXT/);
		expect((await millrace('run', '--help')).stdout).not.toContain('Parameters of');
		expect((await millrace('run', 'nope', '--help')).stderr).toContain('There are: picture');
	});
});

describe('task-types', () => {
	it('lists what there is and shows one with its parameters', async () => {
		const { stdout } = await millrace('task-types');
		expect(stdout).toMatch(/picture +tools +0 to 1, image\/\* +Makes pictures\./);
		server.instead.set('GET /api/v1/task-types/picture', (_request, response) =>
			server.json(response, 200, PICTURE as never),
		);
		const shown = await millrace('task-types', 'picture');
		expect(shown.stdout).toContain('picture, version 1: Picture');
		expect(shown.stdout).toContain('--max-width <N>');
		expect((await millrace('task-types', 'picture', '--json')).json).toMatchObject({ name: 'picture' });
	});
});

describe('admin task-type', () => {
	it('sends a manifest as it is and tells what the server says of it', async () => {
		const file = folder.join('manifest.json');
		const sent: unknown[] = [];
		await writeFile(file, JSON.stringify({ name: 'shrink', colour: 'red' }));
		server.instead.set('POST /api/v1/admin/task-types', async (request, response) => {
			let text = '';
			for await (const chunk of request) text += chunk;
			sent.push(JSON.parse(text));
			server.json(response, 422, {
				...{ code: 'manifest-invalid', status: 422, title: 'x', detail: 'The manifest is not valid' },
				fields: [{ path: 'colour', message: 'is not known' }],
			});
		});
		const refused = await millrace('admin', 'task-type', 'install', file);
		expect(sent).toEqual([{ name: 'shrink', colour: 'red' }]);
		expect(refused.stderr).toContain('The manifest is not valid: colour: is not known');
		server.instead.set('POST /api/v1/admin/task-types', (_request, response) =>
			server.json(response, 201, { name: 'shrink', version: 3 }),
		);
		expect((await millrace('admin', 'task-type', 'install', file)).stdout).toBe('shrink is installed, version 3.\n');
		server.instead.set('POST /api/v1/admin/task-types:check', (_request, response) =>
			server.json(response, 200, PICTURE as never),
		);
		expect((await millrace('admin', 'task-type', 'check', file)).stdout).toContain('it would install picture');
		server.instead.set(
			'DELETE /api/v1/admin/task-types/shrink',
			(_request, response) => void response.writeHead(204).end(),
		);
		expect((await millrace('admin', 'task-type', 'retire', 'shrink')).stdout).toContain('shrink is retired');
	});

	it('refuses files that are no manifest before it asks the server', async () => {
		for (const text of ['{', '[]', `"${'x'.repeat(70_000)}"`]) {
			await writeFile(folder.join('bad.json'), text);
			expect((await millrace('admin', 'task-type', 'check', folder.join('bad.json'))).code).not.toBe(0);
		}
		expect(server.requests.filter((line) => line.startsWith('POST'))).toEqual([]);
	});
});
