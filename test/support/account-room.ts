import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import type { AccountEvents } from '../../coordinator/accounts/account-events.ts';
import { Accounts, type AccountsOptions } from '../../coordinator/accounts/accounts.ts';
import type { Actor } from '../../coordinator/accounts/actor.ts';
import { ACCOUNT_OPERATIONS } from '../../coordinator/accounts/operations.ts';
import type { Sealing } from '../../coordinator/accounts/second-factors.ts';
import { AuditLog } from '../../coordinator/audit/audit-log.ts';
import { SYSTEM } from '../../coordinator/audit/doer.ts';
import { AUDIT_OPERATIONS } from '../../coordinator/audit/operations.ts';
import type { Ledger } from '../../coordinator/database/ledger.ts';
import type { ReadOperation, WriteOperation } from '../../coordinator/database/operation.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import { KEY_BYTES, Seal } from '../../coordinator/secrets/seal.ts';
import { TempFolder } from './temp-folder.ts';
import { TestLedger } from './test-ledger.ts';

export const GOOD_PASSWORD = 'a pony that eats maps';
export const HOME = '192.0.2.10';

/** A ledger that counts what it is asked, and can hold reads back until it is told. */
class WatchedLedger implements Ledger {
	readonly #inner: TestLedger;
	readonly reads = new Map<string, number>();
	/** Awaited after a read was done and before its answer is given. */
	hold: Promise<unknown> | null = null;

	constructor(inner: TestLedger) {
		this.#inner = inner;
	}

	async read<A, R>(operation: ReadOperation<A, R>, args: A): Promise<R> {
		this.reads.set(operation.name, (this.reads.get(operation.name) ?? 0) + 1);
		const answer = await this.#inner.read(operation, args);
		await this.hold;
		return answer;
	}

	write<A, R>(operation: WriteOperation<A, R>, args: A): Promise<R> {
		return this.#inner.write(operation, args);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.#inner[Symbol.asyncDispose]();
	}
}

/** By a key that is nowhere else. */
const testSealing = (): Sealing => {
	const seal = new Seal(randomBytes(KEY_BYTES));
	return {
		seal: (identity, value) => seal.close(identity, Buffer.from(value)),
		unseal: (identity, sealed) => seal.open(identity, sealed),
	};
};

/** The accounts room on a real ledger, with a clock that tests turn. */
export class AccountRoom {
	readonly folder: TempFolder;
	readonly ledger: WatchedLedger;
	readonly audit: AuditLog;
	readonly accounts: Accounts;
	readonly announcer: Announcer<AccountEvents>;
	readonly ended: AccountEvents['account:ended'][];
	/** A second connection, to look at rows. */
	readonly db: Database.Database;
	readonly clock: { now: number };

	private constructor(
		parts: Pick<AccountRoom, 'folder' | 'ledger' | 'audit' | 'accounts' | 'announcer' | 'ended' | 'clock'>,
		db: Database.Database,
	) {
		this.folder = parts.folder;
		this.ledger = parts.ledger;
		this.audit = parts.audit;
		this.accounts = parts.accounts;
		this.announcer = parts.announcer;
		this.ended = parts.ended;
		this.clock = parts.clock;
		this.db = db;
	}

	static async open(more: Partial<AccountsOptions> = {}, folder = new TempFolder()): Promise<AccountRoom> {
		const file = folder.join('ledger.db');
		const ledger = new WatchedLedger(
			new TestLedger({ file, operations: [...ACCOUNT_OPERATIONS, ...AUDIT_OPERATIONS] }),
		);
		const audit = new AuditLog({ ledger });
		const announcer = new Announcer<AccountEvents>((error) => {
			throw error;
		});
		const ended: AccountEvents['account:ended'][] = [];
		announcer.on('account:ended', (event) => ended.push(event));
		const clock = { now: Date.now() };
		const accounts = await Accounts.open({
			ledger,
			audit,
			announcer,
			logger: pino({ level: 'silent' }),
			sessionIdleMs: 3_600_000,
			sessionMaxMs: 24 * 3_600_000,
			now: () => clock.now,
			sealing: testSealing(),
			...more,
		});
		return new AccountRoom({ folder, ledger, audit, accounts, announcer, ended, clock }, new Database(file));
	}

	/** A new person with `GOOD_PASSWORD`; the first is usually an administrator. */
	user(username: string, role: 'user' | 'operator' | 'administrator' = 'user') {
		return this.accounts.users.create({ username, password: GOOD_PASSWORD, role }, SYSTEM);
	}

	signIn(username: string, more: { password?: string; code?: string; address?: string; current?: Actor | null } = {}) {
		const { password = GOOD_PASSWORD, code, address = HOME, current = null } = more;
		return this.accounts.sessions.signIn({ username, password, code, address, current, userAgent: 'test' });
	}

	pass(ms: number): void {
		this.clock.now += ms;
	}

	/** How often the ledger was asked for secrets since the last call. */
	lookups(): number {
		const names = ['accounts.find-session', 'accounts.find-credential'];
		const count = names.reduce((sum, name) => sum + (this.ledger.reads.get(name) ?? 0), 0);
		for (const name of names) this.ledger.reads.delete(name);
		return count;
	}

	/** Actions of the audit log, oldest first. */
	async audited(action?: string): Promise<{ action: string; outcome: string; object: string; address: string }[]> {
		const { items } = await this.audit.list({ action }, { limit: 1_000 });
		return items.reverse().map(({ action, outcome, object, address }) => ({ action, outcome, object, address }));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.db.close();
		await this.accounts[Symbol.asyncDispose]();
		await this.ledger[Symbol.asyncDispose]();
		await this.folder[Symbol.asyncDispose]();
	}
}
