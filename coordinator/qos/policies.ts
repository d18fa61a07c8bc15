import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import {
	type ClassBook,
	type Given,
	isValidAt,
	type KnownClass,
	passedOver,
	resolveClass,
	standardPolicy,
} from './class-resolution.ts';
import { classRules } from './class-rules.ts';
import type { Policy, PolicyBook } from './policy.ts';
import { type PolicyRows, readPolicyRows } from './policy-store.ts';
import { readSettings } from './stored-settings.ts';

/** At least so often it is looked again: the clock may have jumped, or another process may have changed the ledger. */
const LOOK_EVERY_MS = 60_000;

/** What is different from before. */
export interface PolicyChange {
	/** People who are in another class now. */
	users: ReadonlySet<number>;
	/** Classes that were made, changed or deleted, or began or ceased to be valid. */
	classes: ReadonlySet<string>;
}

/**
 * Which service class counts for whom now. All of it is in memory, as the ledger has it: read again after each change,
 * and worked out again at the next moment at which a class begins or ceases to be valid.
 */
export class Policies implements PolicyBook {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #now: () => number;
	readonly #listeners = new Set<(change: PolicyChange) => void>();
	#book: ClassBook = { classes: new Map(), groups: new Map(), parentOf: new Map() };
	/** Those who were given anything, themselves or by a group. */
	#given = new Map<number, Given>();
	#policies = new Map<number, Policy>();
	/** Names of the classes that count at this time. */
	#valid = new Set<string>();
	#reading: Promise<void> | null = null;
	#next: Promise<void> | null = null;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;

	private constructor(options: { ledger: Ledger; logger: Logger; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#now = options.now ?? Date.now;
	}

	static async load(options: { ledger: Ledger; logger: Logger; now?: () => number }): Promise<Policies> {
		const policies = new Policies(options);
		await policies.reload();
		return policies;
	}

	of(userSeq: number): Policy {
		return this.#policies.get(userSeq) ?? standardPolicy(this.#book);
	}

	/** Of somebody who is in this group and was given nothing else; with what does not count, each with the reason. */
	ofGroup(groupSeq: number): { policy: Policy; passedOver: string[] } {
		const given: Given = { own: null, groups: [groupSeq] };
		const now = this.#now();
		const policy = resolveClass(given, this.#book, now);
		return { policy, passedOver: passedOver(given, this.#book, now, policy) };
	}

	ofClass(name: string): Policy {
		const found = this.#book.classes.get(name);
		if (!found) return standardPolicy(this.#book);
		const { version, settings } = found;
		return { serviceClass: name, version, settings, source: { by: 'default' } };
	}

	/** Whether a class of this name is there; null when there is none, else whether it counts now. */
	isValid(name: string): boolean | null {
		return this.#book.classes.has(name) ? this.#valid.has(name) : null;
	}

	/** The class that a task goes by: the one asked for while that counts, else its owner's. */
	classOf(userSeq: number, asked: string | null): string {
		return asked !== null && this.#valid.has(asked) ? asked : this.of(userSeq).serviceClass;
	}

	/** Classes that were given to somebody and do not count, each with the reason. */
	passedOver(userSeq: number): string[] {
		const given = this.#given.get(userSeq);
		return given ? passedOver(given, this.#book, this.#now(), this.of(userSeq)) : [];
	}

	/** All classes, in the order of their names. */
	classes(): KnownClass[] {
		return [...this.#book.classes.values()];
	}

	/** All classes as the scheduler takes them. */
	rules(): ClassRules[] {
		return this.classes().map(({ name, settings }) => classRules(name, settings));
	}

	/** Heard at once after something has changed; `of` answers the new by then. */
	onChange(listener: (change: PolicyChange) => void): void {
		this.#listeners.add(listener);
	}

	/** Resolves when everything that was committed before this call counts. */
	reload(): Promise<void> {
		if (!this.#reading) {
			this.#reading = this.#read().finally(() => {
				this.#reading = null;
			});
			return this.#reading;
		}
		// What is being read may be older than what the caller has written.
		this.#next ??= this.#reading
			.catch(() => {})
			.then(() => {
				this.#next = null;
				return this.reload();
			});
		return this.#next;
	}

	[Symbol.dispose](): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
	}

	async #read(): Promise<void> {
		try {
			const rows = await this.#ledger.read(readPolicyRows, null);
			if (!this.#isClosed) this.#take(rows);
		} finally {
			this.#plan();
		}
	}

	#take(rows: PolicyRows): void {
		const before = { book: this.#book, policies: this.#policies, valid: this.#valid };
		this.#book = bookOf(rows);
		this.#given = givenOf(rows);
		const now = this.#now();
		this.#valid = new Set(this.classes().flatMap(({ name, settings }) => (isValidAt(settings, now) ? [name] : [])));
		this.#policies = new Map(
			[...this.#given].map(([userSeq, given]) => [userSeq, resolveClass(given, this.#book, now)]),
		);
		const users = new Set<number>();
		const was = (userSeq: number) =>
			before.policies.get(userSeq)?.serviceClass ?? standardPolicy(this.#book).serviceClass;
		for (const userSeq of [...before.policies.keys(), ...this.#policies.keys()]) {
			if (was(userSeq) !== this.of(userSeq).serviceClass) users.add(userSeq);
		}
		const classes = new Set<string>();
		for (const name of [...before.book.classes.keys(), ...this.#book.classes.keys()]) {
			const isSame = before.book.classes.get(name)?.version === this.#book.classes.get(name)?.version;
			if (!isSame || before.valid.has(name) !== this.#valid.has(name)) classes.add(name);
		}
		if (users.size === 0 && classes.size === 0) return;
		for (const listener of this.#listeners) listener({ users, classes });
	}

	/** Looks again when the next class begins or ceases to be valid, and within a minute in any case. */
	#plan(): void {
		clearTimeout(this.#timer);
		if (this.#isClosed) return;
		const now = this.#now();
		const moments = this.classes().flatMap(({ settings: { validFrom, validUntil } }) =>
			[validFrom, validUntil].flatMap((at) => (at === null ? [] : [Date.parse(at) - now])),
		);
		const wait = Math.min(LOOK_EVERY_MS, ...moments.filter((ms) => ms > 0));
		this.#timer = setTimeout(() => void this.#look(), wait).unref();
	}

	async #look(): Promise<void> {
		try {
			await this.reload();
		} catch (error) {
			if (!this.#isClosed)
				this.#logger.error({ err: error }, 'service classes could not be read; they stay as they were');
		}
	}
}

const bookOf = ({ classes, groups }: PolicyRows): ClassBook => ({
	classes: new Map(
		classes.map(({ name, version, settings }) => [name, { name, version, settings: readSettings(settings) }]),
	),
	groups: new Map(groups.map(({ seq, ...group }) => [seq, group])),
	parentOf: new Map(groups.map(({ seq, parentSeq }) => [seq, parentSeq])),
});

const givenOf = ({ users, members }: PolicyRows): Map<number, Given> => {
	const given = new Map<number, { own: string | null; groups: number[] }>();
	const of = (userSeq: number) => {
		const there = given.get(userSeq);
		if (there) return there;
		const made = { own: null, groups: [] };
		given.set(userSeq, made);
		return made;
	};
	for (const [userSeq, serviceClass] of users) of(userSeq).own = serviceClass;
	for (const [userSeq, groupSeq] of members) of(userSeq).groups.push(groupSeq);
	return given;
};
