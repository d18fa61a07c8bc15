import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { settleOutputs } from '../../test/support/settle-outputs.ts';
import { tracesOfPerson, tracesOfWord } from '../../test/support/traces.ts';
import { UsageCounters } from '../accounting/usage-counters.ts';
import { AuditLog } from '../audit/audit-log.ts';
import type { Ledger } from '../database/ledger.ts';
import { deleteSome } from './deletion-store.ts';
import { Deletions } from './deletions.ts';
import { DataExport } from './export.ts';
import { LEFT_OUT, SECTIONS } from './sections.ts';

/** In names, contents, parameters and secrets of ada's, and nowhere else. */
const WORD = 'zanzibar';
const ADMIN = { actor: 'usr_root', address: '192.0.2.1' };

let room: JobsRoom;
let deletions: Deletions;
const gone: number[] = [];
const open = (ledger: Pick<Ledger, 'read' | 'write'>) =>
	new Deletions({
		ledger,
		countUsage: () => new UsageCounters({ ledger: room.ledger }).catchUp(),
		onGone: async (seq) => void gone.push(seq),
	});

beforeEach(async () => {
	room = await JobsRoom.open();
	gone.length = 0;
	deletions = open(room.ledger);
	await room.upload(`/deep/${WORD}.txt`, `one ${WORD}`);
	await room.upload(`/deep/${WORD}.txt`, `two ${WORD}`);
	const { file } = await room.upload(`/${WORD}-gone.txt`, `three ${WORD}`);
	const by = { actor: 'usr_a', address: '198.51.100.4' };
	await room.files.trash({ kind: 'file', id: file.id, ownerSeq: 1, by });
	for (let i = 0; i < 5; i++) await room.submit({ parameters: { echo: `${WORD} ${i}` } });
	await room.submit({ parameters: { echo: 'of bob' } }, null, 2);
	const owner = { userSeq: 1, userId: 'usr_a' };
	await room.processing.secrets.create(owner, { name: WORD, value: 'a canary' }, by);
	await room.settled();
	room.db
		.prepare(`INSERT INTO usage_records (at, owner_seq, kind, charged, wall_us) VALUES (1, 1, 'attempt', 1, 7)`)
		.run();
});
afterEach(() => room[Symbol.asyncDispose]());

const endTasks = () =>
	room.db
		.prepare(`UPDATE tasks SET state = 'cancelled', finished_at = 1, due_at = NULL WHERE finished_at IS NULL`)
		.run();
const disable = () => room.db.prepare('UPDATE users SET disabled_at = 1 WHERE seq = 1').run();

const unpacked = async (userSeq: number, id: string): Promise<Map<string, string>> => {
	const pieces: Buffer[] = [];
	const made = new DataExport({
		ledger: room.ledger,
		walk: (...asked) => room.files.walk(...asked),
		contents: room.files.blobs,
	});
	await made.writeTo({ seq: userSeq, id }, async (piece) => void pieces.push(Buffer.from(piece)));
	const zip = await fromBufferPromise(Buffer.concat(pieces));
	const found = new Map<string, string>();
	for await (const entry of zip.eachEntry()) {
		found.set(entry.fileName, entry.fileName.endsWith('/') ? '' : await text(await zip.openReadStreamPromise(entry)));
	}
	return found;
};
const recordsOf = (found: Map<string, string>, name: string) =>
	(found.get(`${name}.ndjson`) ?? '')
		.split('\n')
		.filter(Boolean)
		.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the export of what is kept about a person', () => {
	it('has every version of every file, and records of all the rest, with an explanation', async () => {
		const found = await unpacked(1, 'usr_a');
		expect(found.get(`files/deep/${WORD}.txt`)).toBe(`two ${WORD}`);
		const contents = [...found].filter(([path]) => path.startsWith('versions/')).map(([, content]) => content);
		expect(contents.sort()).toEqual([`one ${WORD}`, `three ${WORD}`]);
		expect(recordsOf(found, 'account')).toMatchObject([{ username: 'ada', role: 'user' }]);
		expect(recordsOf(found, 'file-versions')).toHaveLength(3);
		expect(recordsOf(found, 'tasks').filter(({ type }) => type === 'noop')).toHaveLength(5);
		expect(recordsOf(found, 'secrets')).toMatchObject([{ name: WORD }]);
		expect(recordsOf(found, 'usage')).toContainEqual(expect.objectContaining({ wall_us: 7 }));
		expect(recordsOf(found, 'audit').some(({ action }) => action === 'file.trash')).toBe(true);
		expect(found.get('README.txt')).toContain('tasks.ndjson');
	});

	it('has each table with rows of people, or says why not', () => {
		const tables = room.db
			.prepare(
				`SELECT DISTINCT s.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c
				 WHERE s.type = 'table' AND c.name IN ('owner_seq', 'user_seq')`,
			)
			.pluck()
			.all() as string[];
		const isTold = (table: string) => SECTIONS.some(({ sql }) => new RegExp(`(FROM|JOIN) ${table}\\b`).test(sql));
		expect(tables.filter((table) => !isTold(table)).sort()).toEqual(Object.keys(LEFT_OUT).sort());
	});

	it('has what programs keep with files, how results were made, and usage of which no records are left', async () => {
		const { file } = await room.upload('/kept.txt', 'kept');
		const args = { id: file.id };
		room.db
			.prepare(
				`INSERT INTO drive_properties (owner_seq, file_seq, namespace, name, value)
				 SELECT 1, seq, 'urn:x', 'colour', '<blue/>' FROM files WHERE id = @id`,
			)
			.run(args);
		room.db
			.prepare(
				`INSERT INTO provenance (file_seq, version, owner_seq, at, output, type, lineage, record)
				 SELECT seq, 1, 1, 5, 'out', 'noop', '[]', '{}' FROM files WHERE id = @id`,
			)
			.run(args);
		room.db.exec(`INSERT INTO usage_names (name) VALUES ('resize');
			INSERT INTO transfer_use VALUES (1, 0, 12) ON CONFLICT DO NOTHING;
			INSERT INTO usage_counters VALUES (1, 'attempt', 'resize', 'success', 2, 9, 41.0, 4, 5, 1, 2)`);
		const rollup = room.db.prepare(
			`INSERT INTO usage_rollups SELECT generation, 6, 0, @owner, 0, 0, 0,
			   (SELECT seq FROM usage_names WHERE name = 'resize'), @kind, 1, @n, @n, @n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
			 FROM (SELECT 0 AS generation UNION SELECT generation FROM usage_rollup_sets WHERE is_current = 1)`,
		);
		for (let kind = 0; kind < 6; kind++) rollup.run({ owner: 1, kind, n: kind + 1 });
		rollup.run({ owner: 2, kind: 0, n: 1_000 });
		const found = await unpacked(1, 'usr_a');
		expect(recordsOf(found, 'properties')).toEqual([
			{ entry: file.id, namespace: 'urn:x', name: 'colour', value: '<blue/>' },
		]);
		expect(recordsOf(found, 'provenance')).toMatchObject([{ file: file.id, version: 1, output: 'out' }]);
		expect(recordsOf(found, 'transfer')).toContainEqual({ month: 0, bytes: 12 });
		expect(recordsOf(found, 'usage-counters')).toContainEqual(
			expect.objectContaining({ task_type: 'resize', total: 9 }),
		);
		const old = recordsOf(found, 'usage-months').filter(({ at }) => at === 0);
		// Twice: what was forgotten and what is there.
		expect(old.map(({ kind, wall_us }) => [kind, wall_us])).toEqual(USAGE_KINDS.map((kind, i) => [kind, 2 * (i + 1)]));
		expect(old[0]).toMatchObject({ task_type: 'resize', queue: null });
	});

	it('has nothing of anybody else, and nothing that opens a door', async () => {
		const everything = [...(await unpacked(1, 'usr_a')).values()].join('\n');
		expect(everything).not.toContain('of bob');
		expect(everything).not.toContain('a canary');
		expect(everything).not.toMatch(/password_hash|sealed/);
		expect(recordsOf(await unpacked(2, 'usr_b'), 'tasks')).toHaveLength(1);
	});

	it('comes whole in pages', async () => {
		const insert = room.db.prepare(`INSERT INTO notices (id, owner_seq, kind, fold_key, title, text, at)
			VALUES ('ntc_' || @i, 1, 'job-done', @i, 'x', 'y', 1)`);
		for (let i = 0; i < 1_234; i++) insert.run({ i });
		const logs = room.db.prepare(`INSERT INTO task_logs (task_seq, seq, at, stream, text)
			SELECT seq, @i, 1, 'out', seq || ':' || @i FROM tasks WHERE owner_seq = 1`);
		for (let i = 0; i < 300; i++) logs.run({ i });
		const found = await unpacked(1, 'usr_a');
		expect(new Set(recordsOf(found, 'notices').map(({ id }) => id)).size).toBe(1_234);
		const lines = recordsOf(found, 'task-logs').map((line) => line.text);
		expect(new Set(lines).size).toBe(room.count('SELECT count(*) FROM task_logs'));
		expect(lines).toHaveLength(new Set(lines).size);
	});
});

describe('the deletion of a person', () => {
	it('is refused without the name, while they can sign in, and while something of theirs is open', async () => {
		const asked = (confirm = 'ada') => deletions.delete('usr_a', confirm, ADMIN);
		await expect(asked('bob')).rejects.toMatchObject({ code: 'confirmation-needed' });
		await expect(asked()).rejects.toMatchObject({ code: 'wrong-state', message: /Disable/ });
		disable();
		await expect(asked()).rejects.toMatchObject({ code: 'wrong-state', message: /tasks of ada are not over/ });
		await expect(deletions.delete('usr_x', 'x', ADMIN)).rejects.toMatchObject({ code: 'not-found' });
		expect(room.count('SELECT count(*) FROM deleted_people')).toBe(0);
	});

	const checkGone = async () => {
		const traces = tracesOfPerson(room.db, 1);
		expect(traces.filter((trace) => !trace.startsWith('usage_'))).toEqual(['deleted_people: 1']);
		expect(tracesOfWord(room.db, WORD)).toEqual([]);
		expect(tracesOfWord(room.db, '198.51.100.4')).toEqual([]);
		expect(room.count(`SELECT count(*) FROM users WHERE username = 'ada'`)).toBe(0);
		expect(room.count('SELECT count(*) FROM blobs WHERE refs > 0')).toBe(0);
		expect(room.count(`SELECT sum(wall_us) FROM usage_records WHERE owner_seq = 1 AND kind = 'attempt'`)).toBe(7);
		expect(room.count('SELECT count(*) FROM tasks WHERE owner_seq = 2')).toBe(1);
		const verdict = await new AuditLog({ ledger: room.ledger }).verify();
		expect(verdict).toMatchObject({ ok: true });
		expect(verdict.ok && verdict.blanked).toBeGreaterThan(5);
		expect(gone).toEqual([1]);
	};

	it('leaves what was used under a number, ids in the audit log, and nothing else', async () => {
		expect(tracesOfWord(room.db, WORD).length).toBeGreaterThan(4);
		disable();
		endTasks();
		await deletions.delete('usr_a', 'ada', ADMIN);
		await checkGone();
		// The number never comes to mean somebody else.
		room.db.exec(`INSERT INTO users (id, username, username_key, password_hash, role, created_at)
			VALUES ('usr_c', 'cyd', 'cyd', 'x', 'user', 1)`);
		expect(room.count(`SELECT seq FROM users WHERE id = 'usr_c'`)).toBe(3);
	});

	it('counts what was used while it is known how it ended', async () => {
		const [made] = (await room.submit()).submitted;
		await settleOutputs(room, made!.seq, { outputs: [], at: 5, attempt: 1 });
		disable();
		endTasks();
		await deletions.delete('usr_a', 'ada', ADMIN);
		const succeeded = `SELECT sum(reports) FROM usage_counters WHERE owner_seq = 1 AND outcome = 'success'`;
		expect(room.count(succeeded)).toBe(1);
	});

	it('goes on where it was cut', async () => {
		disable();
		endTasks();
		const cut: Pick<Ledger, 'read' | 'write'> = {
			read: (operation, args) => room.ledger.read(operation, args),
			write: async (operation, args) => {
				const isHalfDone = room.count('SELECT count(*) FROM tasks WHERE owner_seq = 1') === 0;
				if (operation.name === deleteSome.name && isHalfDone) throw new Error('killed');
				return room.ledger.write(operation, args);
			},
		};
		const first = open(cut);
		await expect(first.delete('usr_a', 'ada', ADMIN)).rejects.toThrow('killed');
		expect(room.count('SELECT count(*) FROM users WHERE seq = 1')).toBe(1);
		await open(room.ledger).resume();
		await checkGone();
		await deletions.resume();
		expect(gone).toEqual([1]);
	});
});
