import { CodedError } from '../../shared/coded-error.ts';
import {
	type ServiceClassSettings,
	type ServiceClassVersion,
	type ServiceClassView,
	STANDARD_CLASS,
} from '../../shared/protocol/service-class.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { readSeqCursor, writeSeqCursor } from '../database/seq-cursor.ts';
import {
	type ClassRow,
	deleteClass,
	putClass,
	readClass,
	readClasses,
	readClassVersions,
	VERSIONS_KEPT,
} from './class-store.ts';
import { classWarnings, type Surroundings } from './class-warnings.ts';
import type { Policies } from './policies.ts';
import { readSettings } from './stored-settings.ts';
import type { VersionCondition } from './version-condition.ts';

type ClassStanding = ServiceClassView['now'];

/** Who changes a class, why, and what must hold for it. */
export interface ClassChange {
	condition: VersionCondition;
	reason: string | undefined;
	by: Doer;
}

/** The service classes: made, changed, rolled back, deleted; their newest versions are kept. What is answered counts already. */
export class ServiceClasses {
	readonly #ledger: Ledger;
	readonly #policies: Policies;
	readonly #around: () => Surroundings;
	readonly #standing: () => ReadonlyMap<string, ClassStanding>;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		policies: Policies;
		/** Queues and task types, to warn of what they do not have. */
		around: () => Surroundings;
		/** Tasks that go by each class now; those of a class that is not in it are none. */
		standing?: () => ReadonlyMap<string, ClassStanding>;
		now?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#policies = options.policies;
		this.#around = options.around;
		this.#standing = options.standing ?? (() => new Map());
		this.#now = options.now ?? Date.now;
	}

	async list(): Promise<ServiceClassView[]> {
		return (await this.#ledger.read(readClasses, null)).map((row) => this.#view(row));
	}

	async get(name: string): Promise<ServiceClassView> {
		const row = await this.#ledger.read(readClass, name);
		if (!row) throw new CodedError('not-found', `There is no service class ${name}.`);
		return this.#view(row);
	}

	/** Makes it, or replaces all of its settings. */
	put(
		name: string,
		settings: ServiceClassSettings,
		change: ClassChange,
	): Promise<{ view: ServiceClassView; created: boolean }> {
		return this.#put(name, settings, 'service-class.put', change);
	}

	/** Newest first; also those of a class that was deleted. */
	async versions(
		name: string,
		page: { limit: number; cursor?: string | undefined },
	): Promise<{ items: ServiceClassVersion[]; nextCursor: string | null }> {
		const before = readSeqCursor(page.cursor);
		const rows = await this.#ledger.read(readClassVersions, { name, before, limit: page.limit + 1 });
		if (rows.length === 0 && before === null) throw new CodedError('not-found', `There was never a class ${name}.`);
		const items = rows.slice(0, page.limit).map(({ settings, at, ...row }) => ({
			...row,
			settings: settings === null ? null : readSettings(settings),
			at: new Date(at).toISOString(),
		}));
		return { items, nextCursor: rows.length > page.limit ? writeSeqCursor(items.at(-1)!.version) : null };
	}

	/** Gives it the settings that it had, as a new version; also one that was deleted. */
	async rollBack(name: string, version: number, change: ClassChange): Promise<ServiceClassView> {
		const [row] = await this.#ledger.read(readClassVersions, { name, before: version + 1, limit: 1 });
		if (row?.version !== version || row.settings === null) {
			throw new CodedError(
				'not-found',
				`The class ${name} has no settings of a version ${version} to go back to; the newest ${VERSIONS_KEPT} are kept.`,
			);
		}
		const reason = change.reason ?? `back to version ${version}`;
		const rolled = await this.#put(name, readSettings(row.settings), 'service-class.roll-back', { ...change, reason });
		return rolled.view;
	}

	async delete(name: string, { condition, reason = '', by }: ClassChange): Promise<void> {
		await this.#ledger.write(deleteClass, { name, condition, reason, by, now: this.#now() });
		await this.#policies.reload();
	}

	async #put(
		name: string,
		settings: ServiceClassSettings,
		action: 'service-class.put' | 'service-class.roll-back',
		{ condition, reason = '', by }: ClassChange,
	): Promise<{ view: ServiceClassView; created: boolean }> {
		if (name === STANDARD_CLASS) requireAlways(settings);
		const text = JSON.stringify(settings);
		const now = this.#now();
		const { row, created } = await this.#ledger.write(putClass, {
			name,
			settings: text,
			condition,
			action,
			reason,
			by,
			now,
		});
		await this.#policies.reload();
		return { view: this.#view(row), created };
	}

	#view({ name, version, settings, createdAt, updatedAt, users, groups, ...names }: ClassRow): ServiceClassView {
		const userNames = JSON.parse(names.userNames) as string[];
		const groupNames = JSON.parse(names.groupNames) as string[];
		const read = readSettings(settings);
		return {
			name,
			version,
			...read,
			createdAt: new Date(createdAt).toISOString(),
			updatedAt: new Date(updatedAt).toISOString(),
			given: { users, groups, userNames, groupNames },
			warnings: classWarnings(name, read, this.#around(), this.#now()),
			now: this.#standing().get(name) ?? { queued: 0, running: 0 },
		};
	}
}

/** Whoever falls out of every other class must land in this one. */
const requireAlways = (settings: ServiceClassSettings): void => {
	const fields = (['validFrom', 'validUntil'] as const)
		.filter((path) => settings[path] !== null)
		.map((path) => ({ path: path as string, message: 'must be null for the standard class' }));
	if (settings.idleOnly) fields.push({ path: 'idleOnly', message: 'must be false for the standard class' });
	if (fields.length === 0) return;
	const detail = `The class ${STANDARD_CLASS} takes everybody who is in no other, at any time: make another class that is valid for a time or gets only what is left.`;
	throw new CodedError('invalid', detail, { fields });
};
