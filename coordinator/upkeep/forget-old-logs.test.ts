import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { forgetLogs } from '../queue/forget-logs-store.ts';
import { forgetOldLogs } from './forget-old-logs.ts';

it('forgets the logs of tasks that ended long ago, however many, and no others', async () => {
	await using folder = new TempFolder();
	await using ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [forgetLogs] });
	const db = new Database(folder.join('ledger.db'));
	db.exec(`
		INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at) VALUES (1, 'usr_1', 'a', 'a', 'x', 'user', 0);
		INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}');
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
		INSERT INTO tasks (seq, id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, finished_at)
		SELECT i, 'tsk_' || i, 1, 1, iif(i % 7 = 0, 'queued', 'succeeded'), 'normal.noop', 4, '{}', '[]', 0, iif(i % 7 = 0, NULL, i) FROM n;
		INSERT INTO task_logs SELECT seq, n, 1, 'out', 'x' FROM tasks, (SELECT 1 AS n UNION ALL SELECT 2);`);
	const left = () => db.prepare('SELECT DISTINCT task_seq FROM task_logs ORDER BY 1').pluck().all() as number[];
	const never = new AbortController().signal;
	expect(await forgetOldLogs(ledger, 601, never)).toBe('the logs of 515 tasks were forgotten');
	expect(left()).toEqual(Array.from({ length: 700 }, (_, i) => i + 1).filter((i) => i % 7 === 0 || i > 600));
	expect(await forgetOldLogs(ledger, 601, never)).toBe('the logs of 0 tasks were forgotten');
	db.close();
});
