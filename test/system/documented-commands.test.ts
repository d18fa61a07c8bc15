import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { type Api, signIn } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import {
	type DocumentedCommand,
	documentedCommands,
	documentedJson,
	shellWords,
	UPKEEP_DOCUMENTS,
} from '../support/documented-commands.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { makeJpeg } from '../support/make-images.ts';
import { Millrace } from '../support/millrace.ts';
import { builtFile } from '../support/repository.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { SmtpStandIn } from '../support/smtp-stand-in.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';
import { tracesOfPerson, tracesOfWord } from '../support/traces.ts';

/** Whom the documents call ada: a name that stands in nothing else. */
const PERSON = 'zanzibar';
const NEXT_YEAR = new Date(Date.now() + 366 * 86_400_000).toISOString();
const MAIN = builtFile('coordinator/main.js');
/** How a person's browser calls itself, and where it is: in what they leave behind. */
const ADDRESS = '127.0.0.1';

let folder: TempFolder;
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let millrace: Millrace;
let mailServer: SmtpStandIn;
let ada: Api;
let adaId: string;

/** Of those that the stage makes by itself. */
const newestBackup = (): string => {
	const backups = folder.join('own', 'backups');
	return (existsSync(backups) ? readdirSync(backups) : []).sort().at(-1) ?? 'NONE';
};

/** What stands in for what the documents name; the data folder is `data` where the commands are run, as it is by default. */
const standIn = (command: string): string =>
	[
		['/mnt/backup/millrace', folder.join('backup')],
		['/var/lib/millrace', folder.join('restored')],
		['/safe/place', folder.join('safe')],
		['https://millrace.example', coordinator?.url],
		['usr_…', adaId],
		['check NAME', `check ${newestBackup()}`],
		['--host smtp.example.org', `--host ${ADDRESS} --port ${mailServer?.port} --tls none`],
	]
		.reduce((line, [name = '', instead = '']) => line.replaceAll(name, instead), command)
		.replace(/\bada\b/g, PERSON)
		// Files by their bare names; commands of `millrace` are run within this process, which stays where it is.
		.replace(/(?<= )[\w-]+\.(json|csv|ndjson|zip)\b/g, (name) => folder.join(name));

/** Of `coordinator start` without a folder: how the stage is started. */
const startOf = (document: string): string[] => {
	const own = documentedCommands(document).find(({ command }) => /^coordinator start (?!.*--data)/.test(command));
	return shellWords((own?.command ?? '').replace('/mnt/backup/millrace', folder.join('own'))).slice(2);
};

beforeAll(async () => {
	folder = new TempFolder();
	mailServer = await SmtpStandIn.start();
	mkdirSync(folder.join('safe'));
	coordinator = await startCoordinator({ data: folder.join('data'), args: startOf('docs/operations.md') });
	agent = await startAgent(coordinator, { name: 'vm-2', concurrency: 2 });
	millrace = Millrace.of(coordinator);
	ada = await coordinator.newUser(PERSON);
	adaId = (await ada.get<{ id: string }>('/me')).id;
	const { api } = coordinator;
	await api.post('/admin/price-book', { prices: { attempt: 3, cpuSecond: 1_000 } });
	const coming = { from: new Date(Date.now() + 3_600_000).toISOString(), prices: {} };
	await api.post('/admin/price-book', coming);
	await expect(api.post('/admin/price-book', coming)).rejects.toMatchObject({ code: 'prices-overlap' });
	const prices = { ...(documentedJson('docs/accounting.md') as object), from: NEXT_YEAR };
	await writeFile(folder.join('prices.json'), JSON.stringify(prices));
});
afterAll(async () => {
	await millrace?.[Symbol.asyncDispose]();
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await mailServer?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
});

const shell = (command: string): Promise<string> =>
	runToEnd(['sh', '-euc', `coordinator() { '${process.execPath}' '${MAIN}' "$@"; }\n${command}`], {
		cwd: folder.path,
		env: { TOKEN: coordinator.api.token ?? '' },
	});

/** Until it is ready; the stage itself was started as the documents say for the folder that they name by nothing. */
const startAndStop = async (words: readonly string[]): Promise<void> => {
	if (!words.includes('--data')) return;
	const env = { MILLRACE_PORT: '0', MILLRACE_HOST: ADDRESS };
	const started = new TestProcess('documented start', [process.execPath, MAIN, ...words], { cwd: folder.path, env });
	try {
		await started.line(/coordinator ready: /);
	} finally {
		await started.stop();
	}
};

const millraceHere = async (words: readonly string[]): Promise<void> => {
	const into = words.indexOf('>');
	const { code, stdout, stderr } = await millrace.here(into < 0 ? words : words.slice(0, into));
	if (code !== 0) throw new Error(`ended with ${code}: ${stderr}${stdout}`);
	if (into >= 0) writeFileSync(words[into + 1] ?? '', stdout);
};

const run = async ({ where, command }: DocumentedCommand): Promise<void> => {
	const line = standIn(command);
	const [program, ...words] = shellWords(line);
	try {
		if (program === 'millrace') await millraceHere(words);
		else if (program === 'coordinator' && words[0] === 'start') await startAndStop(words);
		else await shell(line);
	} catch (error) {
		throw new Error(`${where}: ${command}: ${(error as Error).message}`, { cause: error });
	}
};

const unzipped = async (zip: Buffer): Promise<Map<string, string>> => {
	const found = new Map<string, string>();
	const open = await fromBufferPromise(zip);
	for await (const entry of open.eachEntry()) {
		if (entry.fileName.endsWith('/')) continue;
		found.set(entry.fileName, await text(await open.openReadStreamPromise(entry)));
	}
	return found;
};

test('everything that is kept about a person comes to them as one zip', async (context) => {
	const word = `${PERSON}-was-here`;
	using feed = await LiveFeed.open(ada);
	await ada.upload(`/${word}/note.txt`, `first ${word}`);
	const { tasks } = await ada.upload(`/${word}/note.txt`, `second ${word}`);
	const picture = await ada.upload(`/${word}/a.jpg`, await makeJpeg(seededRandom(context), { megapixels: 0.02 }));
	const gone = await ada.upload(`/${word}-gone.txt`, `third ${word}`);
	await ada.json('DELETE', `/files/${gone.file.id}`);
	const { id: noop } = await ada.post<{ id: string }>('/tasks', { type: 'noop', parameters: { echo: word } });
	await ada.post('/tasks', { type: 'noop', routingKey: 'parked.noop', parameters: { echo: word } });
	await feed.tasks([...tasks, ...picture.tasks].map(({ id }) => id).concat(noop));
	await ada.post('/secrets', { name: word, value: 'canary-of-a-secret' });
	const recipe = await ada.post<{ id: string }>('/recipes', { name: word, steps: [{ type: 'md5' }] });
	await ada.post('/jobs', { recipe: recipe.id, over: { folder: `/${word}` } });
	await ada.post('/schedules', { name: word, cron: '30 7 * * *', timeZone: 'UTC', type: 'noop' });
	await ada.post('/webhooks', { name: word, url: 'https://hooks.example/millrace' });
	await signIn(coordinator.url, PERSON, `correct horse battery staple ${PERSON}`);

	const { status, headers, body } = await ada.raw('GET', '/api/v1/me/export');
	expect([status, headers['content-type']]).toEqual([200, 'application/zip']);
	const found = await unzipped(body);
	expect(found.get(`files/${word}/note.txt`)).toBe(`second ${word}`);
	const others = [...found].filter(([path]) => path.startsWith('versions/')).map(([, content]) => content);
	expect(others.sort()).toEqual([`first ${word}`, `third ${word}`]);
	const rows = (name: string) => (found.get(`${name}.ndjson`) ?? '').split('\n').filter(Boolean);
	const kinds = [
		'account',
		'sessions',
		'credentials',
		'secrets',
		'folders',
		'files',
		'file-versions',
		'tasks',
		'attempts',
	];
	const more = ['jobs', 'recipes', 'triggers', 'schedules', 'webhooks', 'usage', 'audit'];
	for (const kind of [...kinds, ...more]) expect(rows(kind).length, kind).toBeGreaterThan(0);
	for (const kind of ['secrets', 'folders', 'files', 'tasks', 'recipes', 'schedules', 'webhooks']) {
		expect(rows(kind).join(), kind).toContain(word);
	}
	expect(rows('file-versions')).toHaveLength(4);
	expect(body.includes('canary-of-a-secret')).toBe(false);
	const theirs = await coordinator.api.raw('GET', `/api/v1/admin/users/${adaId}/export`);
	expect([...(await unzipped(theirs.body)).keys()].sort()).toEqual([...found.keys()].sort());
	const bert = await coordinator.newUser('bert');
	expect((await bert.raw('GET', `/api/v1/admin/users/${adaId}/export`)).status).toBe(403);
});

test.each(UPKEEP_DOCUMENTS)('every command that %s tells to run does what it says', async (document) => {
	cpSync(folder.join('data', 'secret.key'), folder.join('safe', 'secret.key'));
	const commands = documentedCommands(document);
	expect(commands.length).toBeGreaterThan(2);
	for (const command of commands) await run(command);
});

test('who was deleted is in the ledger by a number only, and all that it must hold it holds', async () => {
	expect((await ada.raw('GET', '/api/v1/me')).status).toBe(401);
	expect(await agent.stop()).toEqual({ code: 0, signal: null });
	await coordinator.stop();
	const db = new Database(folder.join('data', 'ledger.db'), { readonly: true });
	try {
		expect(tracesOfWord(db, PERSON)).toEqual([]);
		const seq = db.prepare('SELECT user_seq FROM deleted_people WHERE user_id = ?').pluck().get(adaId) as number;
		const left = tracesOfPerson(db, seq).map((trace) => trace.split(':')[0] ?? '');
		expect(left.filter((table) => !/^(deleted_people|usage_\w+)$/.test(table))).toEqual([]);
		expect(left).toContain('usage_records');
	} finally {
		db.close();
	}
	await checkInvariants({ data: folder.join('data'), settled: false });
});

test('an amount or an entry of the audit log that somebody has changed is named by the commands that look for it', async () => {
	const db = new Database(folder.join('data', 'ledger.db'));
	const [record] = db.prepare(`SELECT seq FROM usage_records WHERE kind = 'attempt' AND charged`).pluck().all();
	const entry = db.prepare(`SELECT max(seq) FROM audit_log WHERE action = 'user.create'`).pluck().get();
	db.exec(`DROP TRIGGER usage_records_fixed;
		UPDATE usage_records SET amount_micro = amount_micro + 1 WHERE seq = ${record};
		UPDATE audit_log SET outcome = 'refused' WHERE seq = ${entry};`);
	db.close();
	await expect(shell('coordinator usage verify')).rejects.toThrow(
		new RegExp(`DIFFERENT: record ${record} of .* costs`),
	);
	await expect(shell('coordinator audit verify')).rejects.toThrow(`Entry ${entry} is not what was written`);
});
