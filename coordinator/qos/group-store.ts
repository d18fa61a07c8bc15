import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { nameKey } from '../../shared/name-key.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireNesting } from './group-nesting.ts';
import { requireVersion, type VersionCondition } from './version-condition.ts';

const MOST_GROUPS = 1_000;
/** One person's; and of one group. */
const MOST_MEMBERSHIPS = 100;
const MOST_MEMBERS = 100_000;

export interface GroupRow {
	seq: number;
	id: string;
	name: string;
	version: number;
	parentSeq: number | null;
	/** Public id. */
	parent: string | null;
	serviceClass: string | null;
	members: number;
	createdAt: number;
}

const SELECT = `SELECT g.seq, g.id, g.name, g.version, g.parent_seq AS parentSeq, p.id AS parent,
	g.service_class AS serviceClass, g.created_at AS createdAt,
	(SELECT count(*) FROM group_members m WHERE m.group_seq = g.seq) AS members
	FROM groups g LEFT JOIN groups p ON p.seq = g.parent_seq`;

const unknown = (code: 'not-found' | 'invalid' | 'unknown-service-class', path: string, what: string): CodedError =>
	new CodedError(
		code,
		`There is no ${what}.`,
		code === 'not-found' ? {} : { fields: [{ path, message: 'is not there' }] },
	);

const prepareFind = (db: Database): ((id: string) => GroupRow) => {
	const find = db.prepare(`${SELECT} WHERE g.id = ?`);
	return (id) => {
		const row = find.get(id) as GroupRow | undefined;
		if (!row) throw unknown('not-found', '', `group ${id}`);
		return row;
	};
};

/** Checks what a group is to be and turns names into rows; throws what is wrong. */
const prepareCheck = (db: Database) => {
	const byName = db.prepare('SELECT seq FROM groups WHERE name_key = ?').pluck();
	const byId = db.prepare('SELECT seq FROM groups WHERE id = ?').pluck();
	const nesting = db.prepare('SELECT seq, parent_seq AS parentSeq FROM groups');
	const hasClass = db.prepare('SELECT 1 FROM service_classes WHERE name = ?').pluck();
	return (group: { seq: number | null; name: string; parent: string | null; serviceClass: string | null }) => {
		const { seq, name, parent, serviceClass } = group;
		const holder = byName.get(nameKey(name)) as number | undefined;
		if (holder !== undefined && holder !== seq) {
			throw new CodedError('name-taken', `There is a group ${name} already.`);
		}
		if (serviceClass !== null && hasClass.get(serviceClass) === undefined) {
			throw unknown('unknown-service-class', 'serviceClass', `service class ${serviceClass}`);
		}
		const parentSeq = parent === null ? null : ((byId.get(parent) as number | undefined) ?? -1);
		if (parentSeq === -1) throw unknown('invalid', 'parent', `group ${parent}`);
		requireNesting(nesting.all() as { seq: number; parentSeq: number | null }[], seq, parentSeq);
		return { parentSeq, nameKey: nameKey(name) };
	};
};

export const readGroups = readOperation('qos.read-groups', (db) => {
	const select = db.prepare(`${SELECT} WHERE g.seq > ? ORDER BY g.seq LIMIT ?`);
	return (args: { after: number; limit: number }) => select.all(args.after, args.limit) as GroupRow[];
});

/** Those that somebody is in themselves; throws `not-found`. */
export const readGroupsOf = readOperation('qos.read-groups-of', (db) => {
	const find = db.prepare('SELECT seq FROM users WHERE id = ?').pluck();
	const select = db.prepare(
		`${SELECT} WHERE g.seq IN (SELECT group_seq FROM group_members WHERE user_seq = ?) ORDER BY g.name_key`,
	);
	return (user: string): GroupRow[] => {
		const seq = find.get(user) as number | undefined;
		if (seq === undefined) throw unknown('not-found', '', `user ${user}`);
		return select.all(seq) as GroupRow[];
	};
});

export const readGroup = readOperation('qos.read-group', (db) => prepareFind(db));

export interface NewGroupRow {
	id: string;
	name: string;
	parent: string | null;
	serviceClass: string | null;
}

export const addGroup = writeOperation('qos.add-group', (db) => {
	const count = db.prepare('SELECT count(*) FROM groups').pluck();
	const check = prepareCheck(db);
	const insert = db.prepare(
		`INSERT INTO groups (id, name, name_key, parent_seq, service_class, created_at)
		 VALUES (@id, @name, @nameKey, @parentSeq, @serviceClass, @now)`,
	);
	const find = prepareFind(db);
	const audit = prepareAudit(db);
	return ({ group, by, now }: { group: NewGroupRow; by: Doer; now: number }): GroupRow => {
		if ((count.get() as number) >= MOST_GROUPS) {
			throw new CodedError('too-many-things', `There are ${MOST_GROUPS} groups; delete one first.`);
		}
		insert.run({ ...group, ...check({ ...group, seq: null }), now });
		const { id, name, parent, serviceClass } = group;
		const detail = { after: { name, parent, serviceClass } };
		audit({ at: now, ...by, action: 'group.create', object: id, outcome: 'done', detail });
		return find(id);
	};
});

/** What is undefined stays. */
export const changeGroup = writeOperation('qos.change-group', (db) => {
	const find = prepareFind(db);
	const check = prepareCheck(db);
	const update = db.prepare(
		`UPDATE groups SET name = @name, name_key = @nameKey, parent_seq = @parentSeq, service_class = @serviceClass,
		   version = version + 1 WHERE seq = @seq`,
	);
	const audit = prepareAudit(db);
	return (args: {
		id: string;
		change: { name?: string | undefined; parent?: string | null | undefined; serviceClass?: string | null | undefined };
		condition: VersionCondition;
		by: Doer;
		now: number;
	}): GroupRow => {
		const { change, by, now } = args;
		const group = find(args.id);
		requireVersion(args.condition, group.version);
		const { seq, id } = group;
		const before = { name: group.name, parent: group.parent, serviceClass: group.serviceClass };
		const after = {
			name: change.name ?? group.name,
			parent: change.parent === undefined ? group.parent : change.parent,
			serviceClass: change.serviceClass === undefined ? group.serviceClass : change.serviceClass,
		};
		if (JSON.stringify(before) === JSON.stringify(after)) return group;
		update.run({ seq, ...after, ...check({ seq, ...after }) });
		audit({ at: now, ...by, action: 'group.change', object: id, outcome: 'done', detail: { before, after } });
		return find(id);
	};
});

/** Its members leave it. Throws `conflict` while groups lie in it. */
export const deleteGroup = writeOperation('qos.delete-group', (db) => {
	const find = prepareFind(db);
	const inside = db.prepare('SELECT count(*) FROM groups WHERE parent_seq = ?').pluck();
	const remove = db.prepare('DELETE FROM groups WHERE seq = ?');
	const audit = prepareAudit(db);
	return (args: { id: string; condition: VersionCondition; by: Doer; now: number }): void => {
		const { seq, id, name, parent, serviceClass, members, version } = find(args.id);
		requireVersion(args.condition, version);
		const within = inside.get(seq) as number;
		if (within > 0) {
			throw new CodedError('conflict', `Groups lie in this one (${within}): move or delete them first.`);
		}
		remove.run(seq);
		const detail = { before: { name, parent, serviceClass, members } };
		audit({ at: args.now, ...args.by, action: 'group.delete', object: id, outcome: 'done', detail });
	};
});

/** In or out; what is so already stays so. */
export const setMember = writeOperation('qos.set-member', (db) => {
	const find = prepareFind(db);
	const user = db.prepare('SELECT seq FROM users WHERE id = ?').pluck();
	const count = db.prepare('SELECT count(*) FROM group_members WHERE user_seq = ?').pluck();
	const add = db.prepare('INSERT OR IGNORE INTO group_members (group_seq, user_seq) VALUES (?, ?)');
	const remove = db.prepare('DELETE FROM group_members WHERE group_seq = ? AND user_seq = ?');
	const audit = prepareAudit(db);
	return (args: { group: string; user: string; isIn: boolean; by: Doer; now: number }): void => {
		const group = find(args.group);
		const userSeq = user.get(args.user) as number | undefined;
		if (userSeq === undefined) throw unknown('not-found', '', `user ${args.user}`);
		if ((args.isIn ? add : remove).run(group.seq, userSeq).changes === 0) return;
		if (args.isIn && (count.get(userSeq) as number) > MOST_MEMBERSHIPS) {
			throw new CodedError(
				'too-many-things',
				`A person may be in ${MOST_MEMBERSHIPS} groups; take them out of one first.`,
			);
		}
		if (args.isIn && group.members >= MOST_MEMBERS) {
			throw new CodedError('too-many-things', `A group may have ${MOST_MEMBERS} members; make another one within it.`);
		}
		const action = args.isIn ? 'group.add-member' : 'group.remove-member';
		const detail = { group: group.name, user: args.user };
		audit({ at: args.now, ...args.by, action, object: group.id, outcome: 'done', detail });
	};
});

export const readMembers = readOperation('qos.read-members', (db) => {
	const find = prepareFind(db);
	const select = db.prepare(
		`SELECT u.seq, u.id, u.username FROM group_members m JOIN users u ON u.seq = m.user_seq
		 WHERE m.group_seq = ? AND m.user_seq > ? ORDER BY m.user_seq LIMIT ?`,
	);
	return (args: { group: string; after: number; limit: number }) =>
		select.all(find(args.group).seq, args.after, args.limit) as { seq: number; id: string; username: string }[];
});
