import type { GroupChange, GroupDetail, GroupMember, GroupView } from '../../shared/protocol/group.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import { policyOfPerson } from './effective-policy.ts';
import {
	addGroup,
	changeGroup,
	deleteGroup,
	type GroupRow,
	readGroup,
	readGroups,
	readGroupsOf,
	readMembers,
	setMember,
} from './group-store.ts';
import type { Policies } from './policies.ts';
import type { VersionCondition } from './version-condition.ts';

interface Page {
	limit: number;
	cursor?: string | undefined;
}

/** Groups of people, which may lie in each other and give their people a service class. What is answered counts already. */
export class Groups {
	readonly #ledger: Ledger;
	readonly #policies: Policies;
	readonly #now: () => number;

	constructor(options: { ledger: Ledger; policies: Policies; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#policies = options.policies;
		this.#now = options.now ?? Date.now;
	}

	/** In the order in which they were made. */
	async list(page: Page): Promise<{ items: GroupView[]; nextCursor: string | null }> {
		const after = readSeqCursor(page.cursor) ?? 0;
		const rows = await this.#ledger.read(readGroups, { after, limit: page.limit + 1 });
		return pageBySeq(rows, page.limit, this.#view);
	}

	/** Those that a person is in, by name; never many. */
	async of(user: string): Promise<GroupView[]> {
		return (await this.#ledger.read(readGroupsOf, user)).map(this.#view);
	}

	/** With what counts for its people who are given nothing else. */
	async get(id: string): Promise<GroupDetail> {
		const row = await this.#ledger.read(readGroup, id);
		const { policy, passedOver } = this.#policies.ofGroup(row.seq);
		return { ...this.#view(row), policy: policyOfPerson(policy, passedOver) };
	}

	/** Throws `name-taken`, `unknown-service-class`, or `invalid` when it would lie too deep. */
	async create(
		group: { name: string; parent: string | null; serviceClass: string | null },
		by: Doer,
	): Promise<GroupView> {
		const now = this.#now();
		const made = { id: newId('group', now), ...group, name: group.name.normalize('NFC') };
		const row = await this.#ledger.write(addGroup, { group: made, by, now });
		await this.#policies.reload();
		return this.#view(row);
	}

	/** Throws what `create` throws, and `group-cycle`. */
	async change(id: string, change: GroupChange, condition: VersionCondition, by: Doer): Promise<GroupView> {
		const args = { id, change: { ...change, name: change.name?.normalize('NFC') }, condition, by, now: this.#now() };
		const row = await this.#ledger.write(changeGroup, args);
		await this.#policies.reload();
		return this.#view(row);
	}

	/** Throws `conflict` while groups lie in it. */
	async delete(id: string, condition: VersionCondition, by: Doer): Promise<void> {
		await this.#ledger.write(deleteGroup, { id, condition, by, now: this.#now() });
		await this.#policies.reload();
	}

	async members(id: string, page: Page): Promise<{ items: GroupMember[]; nextCursor: string | null }> {
		const after = readSeqCursor(page.cursor) ?? 0;
		const rows = await this.#ledger.read(readMembers, { group: id, after, limit: page.limit + 1 });
		return pageBySeq(rows, page.limit, ({ id: user, username }) => ({ id: user, username }));
	}

	/** Puts somebody in, or takes them out; what is so already stays so. */
	async setMember(group: string, user: string, isIn: boolean, by: Doer): Promise<void> {
		await this.#ledger.write(setMember, { group, user, isIn, by, now: this.#now() });
		await this.#policies.reload();
	}

	readonly #view = ({ seq, parentSeq: _, createdAt, ...row }: GroupRow): GroupView => {
		const { serviceClass, source } = this.#policies.ofGroup(seq).policy;
		const inForce = { serviceClass, group: source.by === 'group' ? source.group : null };
		return { ...row, inForce, createdAt: new Date(createdAt).toISOString() };
	};
}
