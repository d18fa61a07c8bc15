import type { Database, Statement } from 'better-sqlite3';
import { CodedError, type FieldError } from '../../shared/coded-error.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import { diskFull } from './disk-full.ts';
import type { AnyOperation } from './operation.ts';

/** One call on its way into a database thread. */
export type Call = [id: number, operation: string, args: unknown];

/** An error on its way out: coded ones keep their code, others keep message and SQLite code for the log. */
export interface PlainError {
	code: ErrorCode | null;
	sqlite: string | null;
	message: string;
	stack: string;
	fields: readonly FieldError[] | undefined;
	retryAfter: number | undefined;
}
export type Reply = [id: number, error: PlainError | null, value: unknown];

export const toPlainError = (error: unknown): PlainError => {
	const e = error instanceof Error ? error : new Error(String(error));
	const sqlite = (e as { code?: unknown }).code;
	return {
		code: e instanceof CodedError ? e.code : null,
		sqlite: !(e instanceof CodedError) && typeof sqlite === 'string' ? sqlite : null,
		message: e.message,
		stack: e.stack ?? '',
		fields: e instanceof CodedError ? e.fields : undefined,
		retryAfter: e instanceof CodedError ? e.retryAfter : undefined,
	};
};

/** Turns what came out of a thread into what a caller catches. */
export const fromPlainError = (plain: PlainError): Error => {
	const { code, fields, retryAfter } = plain;
	if (code) {
		return new CodedError(code, plain.message, {
			...(fields && { fields }),
			...(retryAfter !== undefined && { retryAfter }),
		});
	}
	const cause = Object.assign(new Error(plain.message), { stack: plain.stack, code: plain.sqlite });
	if (plain.sqlite === 'SQLITE_FULL')
		return diskFull('The coordinator’s disk is full: nothing of this was done.', undefined, { cause });
	return cause;
};

/** After these the file or the disk cannot be trusted: the process stops instead of going on with a guess. */
export const isFatal = (plain: PlainError): boolean =>
	plain.sqlite !== null && /^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN)/.test(plain.sqlite);

/** Runs calls against one connection: reads one by one, writes as a group that commits once. */
export class Executor {
	readonly #db: Database;
	readonly #operations = new Map<string, AnyOperation>();
	readonly #prepared = new Map<string, (args: unknown) => unknown>();
	readonly #begin: Statement;
	readonly #commit: Statement;

	constructor(db: Database, operations: readonly AnyOperation[], mode: 'read' | 'write') {
		this.#db = db;
		this.#begin = db.prepare('BEGIN IMMEDIATE');
		this.#commit = db.prepare('COMMIT');
		for (const operation of operations) {
			// The writer also serves reads, so that a one-connection ledger can run everything.
			if (mode === 'read' && operation.mode === 'write') continue;
			if (this.#operations.has(operation.name)) throw new Error(`two operations are named ${operation.name}`);
			this.#operations.set(operation.name, operation);
		}
	}

	read(call: Call): Reply {
		try {
			return [call[0], null, this.#run(call)];
		} catch (error) {
			return [call[0], toPlainError(error), undefined];
		}
	}

	/**
	 * One transaction for all: a call that throws is undone alone, a commit that fails fails all of them. Nearly always
	 * nothing throws, so the group first runs without savepoints; when one does throw it is run again with them.
	 */
	writeGroup(calls: readonly Call[]): Reply[] {
		return this.#tryGroup(calls) ?? this.#groupWithSavepoints(calls);
	}

	/** Null when a call threw: then nothing has happened. */
	#tryGroup(calls: readonly Call[]): Reply[] | null {
		const db = this.#db;
		try {
			this.#begin.run();
			const replies: Reply[] = [];
			for (const call of calls) replies.push([call[0], null, this.#run(call)]);
			this.#commit.run();
			return replies;
		} catch (error) {
			if (db.inTransaction) db.exec('ROLLBACK');
			// A disk that failed must not be asked again as if nothing had been.
			const plain = toPlainError(error);
			return isFatal(plain) ? calls.map((call) => [call[0], plain, undefined]) : null;
		}
	}

	#groupWithSavepoints(calls: readonly Call[]): Reply[] {
		const db = this.#db;
		try {
			this.#begin.run();
			const replies: Reply[] = [];
			for (const call of calls) replies.push(this.#runInSavepoint(call));
			this.#commit.run();
			return replies;
		} catch (error) {
			if (db.inTransaction) db.exec('ROLLBACK');
			const plain = toPlainError(error);
			return calls.map((call) => [call[0], plain, undefined]);
		}
	}

	#runInSavepoint(call: Call): Reply {
		const db = this.#db;
		db.exec('SAVEPOINT call');
		try {
			const value = this.#run(call);
			db.exec('RELEASE call');
			return [call[0], null, value];
		} catch (error) {
			// SQLite itself rolls the whole transaction back on a full disk or an I/O error: then the group has failed.
			if (!db.inTransaction) throw error;
			db.exec('ROLLBACK TO call');
			db.exec('RELEASE call');
			return [call[0], toPlainError(error), undefined];
		}
	}

	#run(call: Call): unknown {
		const run = this.#prepared.get(call[1]) ?? this.#prepare(call[1]);
		return run(call[2]);
	}

	/** When it is first asked for: to prepare all of them takes longer than all else that a thread does at its start. */
	#prepare(name: string): (args: unknown) => unknown {
		const operation = this.#operations.get(name);
		if (!operation) throw new Error(`no operation is named ${name}`);
		const run = operation.prepare(this.#db) as (args: unknown) => unknown;
		this.#prepared.set(name, run);
		return run;
	}
}
