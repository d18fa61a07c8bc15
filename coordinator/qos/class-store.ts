import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { STANDARD_CLASS } from '../../shared/protocol/service-class-name.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { changedSettings, readSettings } from './stored-settings.ts';
import { holds, requireVersion, type VersionCondition } from './version-condition.ts';

const MOST_CLASSES = 200;
/** Of each class, the newest. A script that changes a class every minute must not fill the ledger. */
export const VERSIONS_KEPT = 200;

export interface ClassRow {
	name: string;
	version: number;
	/** JSON text; what is left out is plain. */
	settings: string;
	createdAt: number;
	updatedAt: number;
	/** To how many people and groups it is given. */
	users: number;
	groups: number;
	/** The first of them by name, as JSON text. */
	userNames: string;
	groupNames: string;
}

/** So many of those to whom a class is given are named with it. */
const MOST_NAMED = 20;

const SELECT = `SELECT c.name, c.version, c.settings, c.created_at AS createdAt, c.updated_at AS updatedAt,
	(SELECT count(*) FROM users u WHERE u.service_class = c.name) AS users,
	(SELECT count(*) FROM groups g WHERE g.service_class = c.name) AS groups,
	(SELECT json_group_array(username) FROM
		(SELECT username FROM users u WHERE u.service_class = c.name ORDER BY u.seq LIMIT ${MOST_NAMED})) AS userNames,
	(SELECT json_group_array(name) FROM
		(SELECT name FROM groups g WHERE g.service_class = c.name ORDER BY g.seq LIMIT ${MOST_NAMED})) AS groupNames
	FROM service_classes c`;

export const readClasses = readOperation('qos.read-classes', (db) => {
	const select = db.prepare(`${SELECT} ORDER BY c.name`);
	return (_: null) => select.all() as ClassRow[];
});

export const readClass = readOperation('qos.read-class', (db) => {
	const select = db.prepare(`${SELECT} WHERE c.name = ?`);
	return (name: string) => (select.get(name) as ClassRow | undefined) ?? null;
});

/**
 * Makes the next version of a class inside somebody's transaction, and forgets the oldest; `settings` null: it is gone
 * from now on. What a class goes by is its newest version, so that one always stays, and counting goes on from it.
 */
const prepareNextVersion = (db: Database) => {
	const last = db.prepare('SELECT coalesce(max(version), 0) FROM service_class_versions WHERE name = ?').pluck();
	const append = db.prepare('INSERT INTO service_class_versions VALUES (?, ?, ?, ?, ?, ?)');
	const forget = db.prepare('DELETE FROM service_class_versions WHERE name = ? AND version <= ?');
	return (name: string, settings: string | null, by: Doer, now: number, reason: string): number => {
		const version = (last.get(name) as number) + 1;
		append.run(name, version, settings, now, by.actor, reason);
		forget.run(name, version - VERSIONS_KEPT);
		return version;
	};
};

/**
 * Makes or replaces a class. What would change nothing makes no version, whatever version was expected: it is a repeat
 * of what has been done. Throws `precondition-failed` or `too-many-things`.
 */
export const putClass = writeOperation('qos.put-class', (db) => {
	const find = db.prepare(`${SELECT} WHERE c.name = ?`);
	const count = db.prepare('SELECT count(*) FROM service_classes').pluck();
	const nextVersion = prepareNextVersion(db);
	const insert = db.prepare(
		`INSERT INTO service_classes VALUES (@name, @version, @settings, @now, @now)
		 ON CONFLICT (name) DO UPDATE SET version = @version, settings = @settings, updated_at = @now`,
	);
	const audit = prepareAudit(db);
	return (args: {
		name: string;
		settings: string;
		condition: VersionCondition;
		/** Of the audit log. */
		action: 'service-class.put' | 'service-class.roll-back';
		reason: string;
		by: Doer;
		now: number;
	}): { row: ClassRow; created: boolean } => {
		const { name, settings, condition, by, now, reason } = args;
		const there = (find.get(name) as ClassRow | undefined) ?? null;
		const before = there && readSettings(there.settings);
		if (
			there &&
			before &&
			JSON.stringify(before) === settings &&
			holds({ ...condition, ifMatch: null }, there.version)
		) {
			return { row: there, created: false };
		}
		requireVersion(condition, there?.version ?? null);
		if (!there && (count.get() as number) >= MOST_CLASSES) {
			throw new CodedError('too-many-things', `There are ${MOST_CLASSES} service classes; delete one first.`);
		}
		const version = nextVersion(name, settings, by, now, reason);
		insert.run({ name, version, settings, now });
		const detail = { version, reason, ...changedSettings(before, readSettings(settings)) };
		audit({ at: now, ...by, action: args.action, object: name, outcome: 'done', detail });
		return { row: find.get(name) as ClassRow, created: !there };
	};
});

/** Throws `class-in-use` when somebody or something goes by it. */
export const deleteClass = writeOperation('qos.delete-class', (db) => {
	const find = db.prepare(`${SELECT} WHERE c.name = ?`);
	const open = db.prepare('SELECT 1 FROM tasks WHERE service_class = ? AND finished_at IS NULL LIMIT 1').pluck();
	const remove = db.prepare('DELETE FROM service_classes WHERE name = ?');
	const nextVersion = prepareNextVersion(db);
	const audit = prepareAudit(db);
	return (args: { name: string; condition: VersionCondition; reason: string; by: Doer; now: number }): void => {
		const { name, condition, by, now, reason } = args;
		const there = find.get(name) as ClassRow | undefined;
		if (!there) throw new CodedError('not-found', `There is no service class ${name}.`);
		requireVersion(condition, there.version);
		const use = inUse(there, () => open.get(name) !== undefined);
		if (use !== null) throw new CodedError('class-in-use', use);
		remove.run(name);
		const version = nextVersion(name, null, by, now, reason);
		const detail = { version, reason, ...changedSettings(readSettings(there.settings), null) };
		audit({ at: now, ...by, action: 'service-class.delete', object: name, outcome: 'done', detail });
	};
});

const inUse = (row: ClassRow, isAskedFor: () => boolean): string | null => {
	const { name, users, groups } = row;
	if (name === STANDARD_CLASS) return `Whoever was given no other class is in ${name}: it is always there.`;
	if (users + groups > 0) return givenWords(row);
	return isAskedFor() ? 'Open tasks were submitted with this class; wait for them, or cancel them first.' : null;
};

/** Those to whom the class is given, a few by name, and what takes it from one of them. */
const givenWords = ({ users, groups, userNames, groupNames }: ClassRow): string => {
	const people = JSON.parse(userNames) as string[];
	const named = JSON.parse(groupNames) as string[];
	const all = [some(users, 'user', people), some(groups, 'group', named)].filter((words) => words !== null);
	const [person] = people;
	const command = person === undefined ? `group set ${named[0]} --class none` : `user class ${person} none`;
	return `The class is given to ${all.join(' and to ')}; give them another one first, such as: millrace admin ${command}`;
};

/** In words of one sentence so many are named. */
const MOST_TOLD = 5;

const some = (many: number, what: string, names: readonly string[]): string | null => {
	if (many === 0) return null;
	const more = many > MOST_TOLD ? ' and others' : '';
	return `${many} ${what}${many === 1 ? '' : 's'} (${names.slice(0, MOST_TOLD).join(', ')}${more})`;
};

export interface ClassVersionRow {
	version: number;
	/** Null: it was deleted. */
	settings: string | null;
	at: number;
	actor: string;
	/** Name of who made it; the id of one who is gone. */
	by: string;
	reason: string;
}

/** Newest first. */
export const readClassVersions = readOperation('qos.read-class-versions', (db) => {
	const select = db.prepare(
		`SELECT version, settings, at, actor, reason,
		        coalesce((SELECT username FROM users WHERE id = actor), actor) AS by
		 FROM service_class_versions WHERE name = ? AND version < ? ORDER BY version DESC LIMIT ?`,
	);
	return (args: { name: string; before: number | null; limit: number }) =>
		select.all(args.name, args.before ?? Number.MAX_SAFE_INTEGER, args.limit) as ClassVersionRow[];
});
