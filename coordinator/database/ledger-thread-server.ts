import { statSync } from 'node:fs';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import { type Call, Executor, type Reply, toPlainError } from './execute.ts';
import { migrate } from './migrate.ts';
import { assertDurable, BUSY_TIMEOUT_MS, openDatabase } from './open.ts';
import type { AnyOperation } from './operation.ts';
import { WAL_HARD_LIMIT, WAL_SOFT_LIMIT, walOf } from './wal.ts';

export type ThreadRole = 'writer' | 'reader' | 'checkpointer' | 'history';
export interface ThreadData {
	role: ThreadRole;
	file: string;
}

/** Most calls that one commit takes, so that no caller waits for an endless group. */
const GROUP_LIMIT = 4_096;
const CHECKPOINT_EVERY_MS = 250;
/** So long the writer waits for readers when the WAL is too long; in vain, it goes on and tries again later. */
const READERS_MS = 250;
const TRUNCATE_AGAIN_MS = 5_000;

/** The body of every database thread; the entry file hands in how to load all operations of all rooms. */
export const serveLedger = async (load: () => Promise<readonly AnyOperation[]>): Promise<void> => {
	const port = parentPort;
	if (!port) throw new Error('this file is the entry of a database thread');
	const { role, file } = workerData as ThreadData;
	try {
		const operations = role === 'checkpointer' ? [] : await load();
		const db = openDatabase(file);
		if (role === 'writer') migrate(db);
		port.on('close', () => db.close());
		if (role === 'writer') serveWrites(port, db, operations, file);
		else if (role === 'reader') serveReads(port, db, operations);
		else serveCheckpoints(db, file);
		port.postMessage({ ready: true });
	} catch (error) {
		port.postMessage({ failed: toPlainError(error) });
	}
};

const serveWrites = (port: MessagePort, db: Database, operations: readonly AnyOperation[], file: string): void => {
	const executor = new Executor(db, operations, 'write');
	let truncateAt = 0;
	assertDurable(db);
	// When the WAL starts again from its beginning it is cut to this size, so its length tells what is outstanding.
	db.pragma(`journal_size_limit = ${WAL_SOFT_LIMIT}`);
	serveGroups(port, executor, () => {
		if (walBytes(file) <= WAL_HARD_LIMIT || performance.now() < truncateAt) return;
		db.pragma(`busy_timeout = ${READERS_MS}`);
		checkpoint(db, 'TRUNCATE');
		db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
		// A backup reads what it is to take back: every write would wait for its end.
		if (walBytes(file) > WAL_HARD_LIMIT) truncateAt = performance.now() + TRUNCATE_AGAIN_MS;
	});
};

/** Answers calls in groups that commit once. `committed` is called after each. */
export const serveGroups = (port: MessagePort, executor: Executor, committed: () => void = () => {}): void => {
	port.on('message', (first: Call[]) => {
		const calls = first;
		// Everything that arrived while the last group was being committed shares the next commit.
		while (calls.length < GROUP_LIMIT) {
			const more = receiveMessageOnPort(port);
			if (!more) break;
			for (const call of more.message as Call[]) calls.push(call);
		}
		port.postMessage(executor.writeGroup(calls) satisfies Reply[]);
		committed();
	});
};

const serveReads = (port: MessagePort, db: Database, operations: readonly AnyOperation[]): void => {
	const executor = new Executor(db, operations, 'read');
	db.pragma('query_only = ON');
	port.on('message', (calls: Call[]) => {
		port.postMessage(calls.map((call) => executor.read(call)));
	});
};

/** Passive checkpoints on a thread of their own never make the writer wait. */
const serveCheckpoints = (db: Database, file: string): void => {
	setInterval(() => {
		if (walBytes(file) >= WAL_SOFT_LIMIT) checkpoint(db, 'PASSIVE');
	}, CHECKPOINT_EVERY_MS);
};

/** On a full disk everything stays in the WAL, where it is safe, until there is room: nobody's work ends for that. */
const checkpoint = (db: Database, how: 'PASSIVE' | 'TRUNCATE'): void => {
	try {
		db.pragma(`wal_checkpoint(${how})`);
	} catch (error) {
		if ((error as { code?: unknown }).code !== 'SQLITE_FULL') throw error;
	}
};

const walBytes = (file: string): number => statSync(walOf(file), { throwIfNoEntry: false })?.size ?? 0;
