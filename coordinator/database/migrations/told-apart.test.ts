import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import * as toldApart from './0028-told-apart.ts';
import { MIGRATIONS } from './all.ts';

test('a task that waits for a budget already knows which where its words name one that is there', () => {
	const db = new Database(':memory:');
	db.pragma('foreign_keys = OFF');
	for (const { sql } of MIGRATIONS.slice(0, MIGRATIONS.indexOf(toldApart))) db.exec(sql);
	db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			VALUES (1, 'usr_1', 'ada', 'ada', 'x', 'user', 1);
		INSERT INTO groups (seq, id, name, name_key, created_at) VALUES (1, 'grp_1', 'lab', 'lab', 1);
		INSERT INTO budgets (seq, id, user_seq, group_seq, service_class, amount_micro, warn_at_percent, action, created_at, updated_at)
			VALUES (1, 'bdg_1', 1, NULL, NULL, 0, 80, 'hold', 1, 1), (2, 'bdg_2', NULL, 1, NULL, 0, 80, 'hold', 1, 1),
			(3, 'bdg_3', NULL, NULL, 'gold', 0, 80, 'hold', 1, 1);
		INSERT INTO budget_waits VALUES (1, 1, 'the budget of ada'), (1, 2, 'the budget of the group lab'),
			(1, 3, 'the budget of the service class gold'), (1, 4, 'the budget of ada, as she was called');`);
	db.exec(toldApart.sql);
	expect(db.prepare('SELECT budget_seq FROM budget_waits ORDER BY task_seq').pluck().all()).toEqual([1, 2, 3, null]);
	db.close();
});
