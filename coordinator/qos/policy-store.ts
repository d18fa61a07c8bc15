import { readOperation } from '../database/operation.ts';

/** All that decides which class counts for whom, as it is at one moment. */
export interface PolicyRows {
	classes: { name: string; version: number; settings: string }[];
	groups: { seq: number; name: string; parentSeq: number | null; serviceClass: string | null }[];
	/** People who were given a class themselves. */
	users: [userSeq: number, serviceClass: string][];
	/** Arrays, because many of them cross threads. */
	members: [userSeq: number, groupSeq: number][];
}

export const readPolicyRows = readOperation('qos.read-policy-rows', (db) => {
	const classes = db.prepare('SELECT name, version, settings FROM service_classes ORDER BY name');
	const groups = db.prepare(
		'SELECT seq, name, parent_seq AS parentSeq, service_class AS serviceClass FROM groups ORDER BY seq',
	);
	const users = db.prepare('SELECT seq, service_class FROM users WHERE service_class IS NOT NULL').raw();
	const members = db.prepare('SELECT user_seq, group_seq FROM group_members').raw();
	// One view for all four: a group must not name a class that was read too early.
	return db.transaction(
		(_: null): PolicyRows => ({
			classes: classes.all() as PolicyRows['classes'],
			groups: groups.all() as PolicyRows['groups'],
			users: users.all() as PolicyRows['users'],
			members: members.all() as PolicyRows['members'],
		}),
	);
});
