import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** An agent that was just killed may take a moment until it is gone. */
const WAIT_MS = 1_000;

/** Takes the lock, or gives null when another process has it. */
const takeLock = (file: string): Database.Database | null => {
	const db = new Database(file, { timeout: WAIT_MS });
	try {
		db.exec('BEGIN EXCLUSIVE');
		return db;
	} catch (error) {
		db.close();
		if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
		return null;
	}
};

const readHolder = (file: string): string => {
	try {
		return /^\d+$/.exec(readFileSync(file, 'utf8').trim())?.[0] ?? 'unknown';
	} catch {
		// It is about to write it, or to go.
		return 'unknown';
	}
};

/**
 * The folder in which one agent keeps its identity, its cache and what it is working at. One agent at a time has it, by
 * a lock of the kernel as for the coordinator's data: whatever way the agent ends, also unreaped, the lock ends with it.
 */
export class WorkDir {
	readonly #path: string;
	readonly #lock: Database.Database;

	private constructor(path: string, lock: Database.Database) {
		this.#path = path;
		this.#lock = lock;
	}

	/** Takes the folder. Throws with a sentence when a living agent has it. */
	static take(path: string): WorkDir {
		mkdirSync(path, { recursive: true, mode: 0o700 });
		const lock = takeLock(join(path, 'agent.lock'));
		if (!lock) {
			const holder = `the agent with process id ${readHolder(pidFile(path))}`;
			const advice = 'Give each agent a --work-dir or a --name of its own.';
			throw new Error(`The work folder ${path} is in use by ${holder}. ${advice}`);
		}
		// Only for people, and for the sentence above.
		writeFileSync(pidFile(path), `${process.pid}\n`);
		return new WorkDir(path, lock);
	}

	get identity(): string {
		return join(this.#path, 'identity.json');
	}

	get cache(): string {
		return join(this.#path, 'cache');
	}

	get attempts(): string {
		return join(this.#path, 'attempts');
	}

	get spool(): string {
		return join(this.#path, 'settlements.jsonl');
	}

	release(): void {
		rmSync(pidFile(this.#path), { force: true });
		this.#lock.close();
	}
}

const pidFile = (path: string): string => join(path, 'agent.pid');
