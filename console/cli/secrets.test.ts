import { afterEach, beforeEach, expect, it } from 'vitest';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { runMillrace } from '../../test/support/run-millrace.ts';
import { standInId } from '../../test/support/stand-in-id.ts';
import { StandInServer } from '../../test/support/stand-in-server.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';

let server: StandInServer;
let folder: TempFolder;
/** What was sent, by route. */
let sent: [route: string, body: unknown][];

beforeEach(async () => {
	server = await StandInServer.start();
	folder = new TempFolder();
	sent = [];
});
afterEach(async () => {
	await server[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const millrace = (argv: readonly string[], stdin?: string) =>
	runMillrace(['secrets', ...argv], {
		home: folder.path,
		env: { MILLRACE_URL: server.url, MILLRACE_TOKEN: 'mrt_given' },
		...(stdin === undefined ? {} : { stdin }),
	});
const answer = (route: string, status: number, body: unknown): void => {
	server.instead.set(route, async (request, response) => {
		let text = '';
		for await (const chunk of request) text += String(chunk);
		sent.push([route, text === '' ? null : JSON.parse(text)]);
		if (body === null) response.writeHead(status).end();
		else server.json(response, status, body as never);
	});
};

const id = standInId('sec');
const secret = { id, name: 'x-token', version: 1, createdAt: '2026-03-01T08:00:00.000Z', usedAt: null, openTasks: 2 };
const PATH = '/api/v1/secrets';
const there = (...items: unknown[]) => answer(`GET ${PATH}`, 200, { items, nextCursor: null });

it('lists names, ids and uses', async () => {
	there(secret);
	const { stdout } = await millrace(['list']);
	expect(stdout).toMatch(new RegExp(`x-token +${id} +1 +never +2`));
	expect((await millrace(['list', '--json'])).json).toEqual({ items: [secret] });
	there();
	expect((await millrace(['list'])).stderr).toContain('millrace secrets set NAME');
});

it('keeps one from standard input, and replaces the one of that name', async () => {
	there();
	answer(`POST ${PATH}`, 201, secret);
	const made = await millrace(['set', 'x-token'], 'the value\nand more\n');
	expect(made).toMatchObject({ code: 0, stdout: `x-token is kept: ${id}\n` });
	there(secret);
	answer(`PUT ${PATH}/${id}`, 200, { ...secret, version: 2 });
	const replaced = await millrace(['set', 'X-TOKEN', '--stdin'], 'another');
	expect(replaced.stdout).toBe(`x-token is replaced: ${id}\n`);
	expect(sent.filter(([, body]) => body !== null)).toEqual([
		[`POST ${PATH}`, { name: 'x-token', value: 'the value' }],
		[`PUT ${PATH}/${id}`, { value: 'another' }],
	]);
	expect(`${made.stdout}${made.stderr}${replaced.stdout}`).not.toContain('the value');
	expect((await millrace(['set', 'x-token'])).code).toBe(2);
});

it('deletes one when it is sure', async () => {
	there(secret);
	answer(`DELETE ${PATH}/${id}`, 204, null);
	expect((await millrace(['delete', 'x-token'])).code).toBe(2);
	expect(sent.map(([route]) => route)).not.toContain(`DELETE ${PATH}/${id}`);
	expect((await millrace(['delete', 'x-token', '--yes'])).stdout).toBe('x-token is gone.\n');
	expect((await millrace(['delete', 'other', '--yes'])).stderr).toContain('There is no secret other');
});

it('are given to a task by name', async () => {
	there(secret);
	server.taskTypes = BUILT_IN_TASK_TYPES.filter(({ name }) => name === 'x-topic');
	const run = (...named: string[]) =>
		runMillrace(['run', 'x-topic', '--topic', 'mills', ...named.flatMap((one) => ['--secret', one])], {
			home: folder.path,
			env: { MILLRACE_URL: server.url, MILLRACE_TOKEN: 'mrt_given' },
		});
	await run('bearerToken=X-token');
	expect(server.submitted).toMatchObject([{ parameters: { topic: 'mills' }, secrets: { bearerToken: id } }]);
	expect((await run('bearerToken')).code).toBe(2);
	expect((await run('bearerToken=other')).stderr).toContain('There is no secret other');
});
