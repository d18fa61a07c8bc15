import Database from 'better-sqlite3';
import { pino } from 'pino';
import { AuditLog } from '../../coordinator/audit/audit-log.ts';
import { type Doer, SYSTEM } from '../../coordinator/audit/doer.ts';
import { AUDIT_OPERATIONS } from '../../coordinator/audit/operations.ts';
import { newId } from '../../coordinator/database/new-id.ts';
import type { Surroundings } from '../../coordinator/qos/class-warnings.ts';
import { Groups } from '../../coordinator/qos/groups.ts';
import { QOS_OPERATIONS } from '../../coordinator/qos/operations.ts';
import { Policies, type PolicyChange } from '../../coordinator/qos/policies.ts';
import { type ClassChange, ServiceClasses } from '../../coordinator/qos/service-classes.ts';
import { ANY_VERSION } from '../../coordinator/qos/version-condition.ts';
import { CodedError } from '../../shared/coded-error.ts';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { type ServiceClassInput, serviceClassSettingsSchema } from '../../shared/protocol/service-class.ts';
import { TempFolder } from './temp-folder.ts';
import { TestLedger } from './test-ledger.ts';

/** A change under no condition. */
export const CHANGE: ClassChange = { condition: ANY_VERSION, reason: undefined, by: SYSTEM };
export const ifVersion = (version: number): ClassChange => ({
	...CHANGE,
	condition: { ifMatch: [String(version)], ifNoneMatch: null },
});

/** Service classes and groups on a real ledger, with a clock that tests turn. */
export class QosRoom implements AsyncDisposable {
	readonly #folder: TempFolder;
	readonly ledger: TestLedger;
	readonly policies: Policies;
	readonly classes: ServiceClasses;
	readonly groups: Groups;
	readonly audit: AuditLog;
	/** A second connection, for rows of other rooms. */
	readonly db: Database.Database;
	readonly changes: PolicyChange[] = [];
	readonly by: Doer = SYSTEM;

	private constructor(parts: { folder: TempFolder; ledger: TestLedger; policies: Policies; now: () => number }) {
		const { folder, ledger, policies, now } = parts;
		this.#folder = folder;
		this.ledger = ledger;
		this.policies = policies;
		this.db = new Database(folder.join('ledger.db'));
		policies.onChange((change) => this.changes.push(change));
		this.classes = new ServiceClasses({ ledger, policies, around: () => AROUND, now });
		this.groups = new Groups({ ledger, policies, now });
		this.audit = new AuditLog({ ledger });
	}

	static async open(now: () => number = Date.now): Promise<QosRoom> {
		const folder = new TempFolder();
		const ledger = new TestLedger({
			file: folder.join('ledger.db'),
			operations: [...QOS_OPERATIONS, ...AUDIT_OPERATIONS],
		});
		const policies = await Policies.load({ ledger, logger: pino({ level: 'silent' }), now });
		return new QosRoom({ folder, ledger, policies, now });
	}

	/** A person, by number. */
	user(seq: number): string {
		const id = newId('user');
		this.db
			.prepare(
				`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
				 VALUES (?, ?, ?, ?, 'x', 'user', 0)`,
			)
			.run(seq, id, `u${seq}`, `u${seq}`);
		return id;
	}

	/** Whose public id that is; throws `not-found`. */
	seqOf(id: string): number {
		const seq = this.db.prepare('SELECT seq FROM users WHERE id = ?').pluck().get(id) as number | undefined;
		if (seq === undefined) throw new CodedError('not-found');
		return seq;
	}

	async give(userSeq: number, serviceClass: string | null): Promise<void> {
		this.db.prepare('UPDATE users SET service_class = ? WHERE seq = ?').run(serviceClass, userSeq);
		await this.policies.reload();
	}

	async put(name: string, settings: ServiceClassInput, change: ClassChange = CHANGE) {
		return this.classes.put(name, serviceClassSettingsSchema.parse(settings), change);
	}

	async group(name: string, serviceClass: string | null = null, parent: string | null = null): Promise<string> {
		return (await this.groups.create({ name, serviceClass, parent }, SYSTEM)).id;
	}

	classOf(userSeq: number): string {
		return this.policies.of(userSeq).serviceClass;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.policies[Symbol.dispose]();
		this.db.close();
		await this.ledger[Symbol.asyncDispose]();
		await this.#folder[Symbol.asyncDispose]();
	}
}

const AROUND: Surroundings = {
	queues: [
		{ name: 'normal', bindingKeys: ['normal.#'] },
		{ name: 'priority', bindingKeys: ['priority.#'] },
	],
	types: BUILT_IN_TASK_TYPES,
};
