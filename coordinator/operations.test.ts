import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Executor } from './database/execute.ts';
import { migrate } from './database/migrate.ts';
import { OPERATIONS } from './operations.ts';

const db = new Database(':memory:');
migrate(db);

// A thread prepares an operation when it is first asked for it: that all of them fit the tables is seen here.
it('every operation fits the tables', () => {
	const trouble = OPERATIONS.flatMap(({ name, prepare }) => {
		try {
			return typeof prepare(db) === 'function' ? [] : [`${name}: gives nothing to call`];
		} catch (error) {
			return [`${name}: ${(error as Error).message}`];
		}
	});
	expect(trouble).toEqual([]);
});

it('no two have one name', () => {
	expect(() => new Executor(db, OPERATIONS, 'write')).not.toThrow();
	expect(() => new Executor(db, [...OPERATIONS, OPERATIONS[0]!], 'write')).toThrow(/two operations are named/);
});
