import { ALL_SUMS } from '../accounting/all-sums.ts';
import { MONTHS_OF_PEOPLE, SUMS } from '../accounting/rollup-cubes.ts';
import { KIND_NAME } from '../accounting/rollup-sql.ts';

/** A part of an export: rows of one kind of thing in the order of a cursor of two; `@owner` is who they are about. */
export interface Section {
	name: string;
	/** What it is, for the reader. */
	about: string;
	sql: string;
	/** Before the first row. */
	first: string | number;
}

/** `order`: one number or id, or a number of each outer thing with one of each thing in it. */
const section = (
	name: string,
	about: string,
	columns: string,
	from: string,
	order: { by: string; within?: string; isText?: boolean } = { by: 't.seq' },
): Section => {
	const where = from.includes('WHERE') ? from : `${from} WHERE t.owner_seq = @owner`;
	const { by, within = '0', isText = false } = order;
	const after = within === '0' ? `${by} > @after` : `${by} >= @after AND (${by} > @after OR ${within} > @within)`;
	const ordered = within === '0' ? by : `${by}, ${within}`;
	return {
		...{ name, about, first: isText ? '' : -1 },
		sql: `SELECT ${by} AS "@by", ${within} AS "@within", ${columns} FROM ${where} AND ${after} ORDER BY ${ordered} LIMIT @limit`,
	};
};

const OF_USER = 'WHERE t.user_seq = @owner';
/** The person's tasks lead: those of others are not even looked at. */
const ofTasks = (table: string): string =>
	`tasks k CROSS JOIN ${table} t WHERE t.task_seq = k.seq AND k.owner_seq = @owner`;

/** What the person used by month, that of forgotten records with it; nobody uses anything before the account is made. */
const MONTHS = `(WITH RECURSIVE months (at) AS (
	  SELECT unixepoch(created_at / 1000, 'unixepoch', 'start of month') * 1000 FROM users WHERE seq = @owner
	  UNION ALL SELECT unixepoch(at / 1000, 'unixepoch', '+1 month') * 1000 FROM months WHERE at < unixepoch() * 1000)
	SELECT m.at, r.kind, r.charged, r.task_type, r.queue, r.service_class,
	       ${SUMS.map((sum) => `sum(r.${sum}) AS ${sum}`).join(', ')}
	FROM months m CROSS JOIN usage_rollups r ON r.generation IN ${ALL_SUMS} AND r.cube = ${MONTHS_OF_PEOPLE.code}
	  AND r.at = m.at AND r.owner_seq = @owner
	GROUP BY 1, 2, 3, 4, 5, 6)`;
const MONTH_KEY = `printf('%015d %d %d %d %d %d', t.at, t.kind, t.charged, t.task_type, t.queue, t.service_class)`;
const wordOf = (column: string): string => `(SELECT name FROM usage_names WHERE seq = t.${column}) AS ${column}`;

/** All that is kept about a person, but for the files' contents. Nothing that opens a door: no hashes, no sealed values. */
export const SECTIONS: readonly Section[] = [
	section(
		'account',
		'your account',
		't.id, t.username, t.role, t.service_class, t.created_at, t.disabled_at, t.last_seen_at',
		'users t WHERE t.seq = @owner',
	),
	section(
		...(['groups', 'groups that you are in', 'g.id, g.name'] as const),
		`group_members t JOIN groups g ON g.seq = t.group_seq ${OF_USER}`,
		{ by: 'g.seq' },
	),
	section(
		...(['sessions', 'where you are signed in'] as const),
		't.id, t.created_at, t.last_used_at, t.expires_at, t.address, t.user_agent',
		`sessions t ${OF_USER}`,
		{ by: 't.id', isText: true },
	),
	section(
		...(['credentials', 'API tokens and app passwords, by their names'] as const),
		't.id, t.kind, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at',
		`credentials t ${OF_USER}`,
	),
	section(
		...(['second-factor', 'since when sign-ins need a code too'] as const),
		`t.created_at, t.confirmed_at,
		 (SELECT count(*) FROM recovery_codes c WHERE c.user_seq = t.user_seq AND c.used_at IS NULL) AS recovery_codes_left`,
		`second_factors t ${OF_USER}`,
		{ by: 't.user_seq' },
	),
	section('secrets', 'what you entrusted to tasks, by its names', 't.id, t.name, t.created_at, t.used_at', 'secrets t'),
	section(
		...(['folders', 'folders, those in the trash too'] as const),
		't.id, t.parent_seq AS parent, t.seq AS number, t.name, t.created_at, t.trashed_at, t.trashed_from',
		'folders t',
	),
	section(
		...(['files', 'files, those in the trash too'] as const),
		't.id, t.folder_seq AS folder, t.name, t.version, t.created_at, t.modified_at, t.trashed_at, t.trashed_from',
		'files t',
	),
	section(
		...(['file-versions', 'what was found out about each version'] as const),
		't.number, f.id AS file, lower(hex(b.sha256)) AS sha256, b.size, t.created_at, t.facts',
		'files f CROSS JOIN file_versions t JOIN blobs b ON b.seq = t.blob_seq WHERE t.file_seq = f.seq AND f.owner_seq = @owner',
		{ by: 'f.seq', within: 't.number' },
	),
	section(
		...(['properties', 'what programs keep with your files and folders through the network drive'] as const),
		'coalesce(f.id, d.id) AS entry, t.namespace, t.name, t.value',
		`drive_properties t LEFT JOIN files f ON f.seq = t.file_seq LEFT JOIN folders d ON d.seq = t.folder_seq
		 WHERE t.owner_seq = @owner`,
	),
	section(
		...(['provenance', 'how versions of files were made'] as const),
		`f.id AS file, t.version, t.at, t.output, t.recipe, t.recipe_version, t.step, t.type, t.first_input, t.lineage,
		 t.record`,
		'files f CROSS JOIN provenance t WHERE t.file_seq = f.seq AND f.owner_seq = @owner',
		{ by: 'f.seq', within: 't.version' },
	),
	section('routing-keys', 'routing keys that you gave to tasks', 't.key', 'routing_keys t', {
		by: 't.key',
		isText: true,
	}),
	section(
		...(['tasks', 'tasks with their parameters and results'] as const),
		`t.id, y.name AS type, t.state, t.routing_key, t.priority, t.parameters, t.inputs, t.created_at, t.started_at,
		 t.finished_at, t.result, t.error_code, t.error_message, t.service_class`,
		'tasks t JOIN task_types y ON y.seq = t.type_seq WHERE t.owner_seq = @owner',
	),
	section(
		...(['attempts', 'where and when each ran'] as const),
		'k.id AS task, t.number, t.node, t.state, t.reason, t.started_at, t.finished_at',
		ofTasks('attempts'),
		{ by: 'k.seq', within: 't.number' },
	),
	section(
		...(['task-logs', 'what tasks said'] as const),
		'k.id AS task, t.at, t.stream, t.text',
		ofTasks('task_logs'),
		{ by: 'k.seq', within: 't.seq' },
	),
	section(
		...(['jobs', 'what you asked for in one go'] as const),
		't.id, t.cause, t.title, t.recipe, t.wish, t.state, t.tasks, t.succeeded, t.failed, t.created_at, t.finished_at',
		'jobs t',
	),
	section('recipes', 'recipes as they are', 't.id, t.name, t.version, t.body, t.created_at, t.updated_at', 'recipes t'),
	section(
		...(['triggers', 'what starts your recipes'] as const),
		't.id, r.id AS recipe, t.folder, t.events, t.media_types, t.enabled',
		'triggers t JOIN recipes r ON r.seq = t.recipe_seq WHERE t.owner_seq = @owner',
	),
	section(
		...(['schedules', 'what runs by itself'] as const),
		't.id, t.name, t.cron, t.every_ms, t.time_zone, t.wish, t.state, t.reason, t.created_at, t.updated_at',
		'schedules t',
	),
	section(
		...(['sources', 'topics that you gather'] as const),
		't.id, t.name, t.type, t.parameters, t.state, t.reason, t.created_at, t.updated_at',
		'sources t',
	),
	section(
		...(['datasets', 'datasets that are yours; their files are downloaded on their own'] as const),
		't.id, t.name, t.title, t.description, t.licence_name, t.version, t.state, t.created_at, t.updated_at',
		'datasets t',
	),
	section(
		...(['grants', 'datasets that were opened to you by name'] as const),
		'd.name AS dataset',
		`dataset_grants t JOIN datasets d ON d.seq = t.dataset_seq ${OF_USER}`,
		{ by: 't.dataset_seq' },
	),
	section(
		...(['licences', 'licences that you accepted'] as const),
		'd.name AS dataset, t.licence_version, t.at',
		`licence_acceptances t JOIN datasets d ON d.seq = t.dataset_seq ${OF_USER}`,
		{ by: 't.dataset_seq', within: 't.licence_version' },
	),
	section(
		...(['notices', 'what you were told'] as const),
		't.id, t.kind, t.subject, t.title, t.text, t.count, t.at, t.read_at',
		'notices t',
	),
	section('webhooks', 'where you have it told', 't.id, t.name, t.url, t.events, t.state, t.created_at', 'webhooks t'),
	section(
		...(['usage', 'what you used, in millionths of a second, bytes and millionths of the currency'] as const),
		`t.at, t.kind, t.charged, t.task_type, t.queue, t.service_class, t.node, t.wall_us, t.user_us, t.system_us,
		 t.device_us, t.gpu_us, t.memory_mib_ms, t.read_bytes, t.written_bytes, t.bytes_in, t.bytes_out, t.stored_mib_s,
		 t.requests, t.amount_micro`,
		'usage_records t',
	),
	section(
		...(['usage-months', 'the same by month, that of which no records are kept any more with it'] as const),
		`t.at, ${KIND_NAME} AS kind, t.charged, ${['task_type', 'queue', 'service_class'].map(wordOf).join(', ')},
		 ${SUMS.map((sum) => `t.${sum}`).join(', ')}`,
		`${MONTHS} t WHERE true`,
		{ by: MONTH_KEY, isText: true },
	),
	section(
		...(['usage-counters', 'all that you ever used: how often, in all, squared, the least and the most'] as const),
		't.kind, t.task_type, t.outcome, t.reports, t.total, t.squares, t.least, t.most, t.first_at, t.last_at',
		'usage_counters t',
		{ by: `(t.kind || ' ' || t.task_type || ' ' || t.outcome)`, isText: true },
	),
	section('transfer', 'bytes that went in and out in each month', 't.month, t.bytes', 'transfer_use t', {
		by: 't.month',
	}),
	section(
		...(['budgets', 'what you may spend a month'] as const),
		't.id, t.amount_micro, t.warn_at_percent, t.action, t.reserved_micro, t.created_at, t.updated_at',
		`budgets t ${OF_USER}`,
	),
	section(
		...(['corrections', 'what was corrected of what you owe, in millionths of the currency, and why'] as const),
		't.at, t.amount_micro, t.reason',
		'usage_corrections t',
	),
	section(
		...(['audit', 'what is recorded of what you did, and of what was done to your account'] as const),
		't.at, t.actor, t.action, t.object, t.outcome, t.address, t.detail',
		'audit_log t WHERE (t.actor = @user OR t.object = @user)',
	),
];

/** Tables that have rows of people and are in no section, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
	...{ storage_use: 'counts the files', drive_property_use: 'adds up the properties', task_counts: 'counts the tasks' },
	...{ storage_metering: 'says up to when storage is in the usage', recipe_books: 'counts changes of recipes' },
	...{ usage_purged_sums: 'is in the months', budget_notices: 'says which of the notices were given' },
	...{ budget_waits: 'is what a task that is held says', deleted_people: 'has nobody who could ask' },
	...{ happenings: 'is gone once what follows was done', unsettled_files: 'is gone when a file has settled' },
	...{
		drive_locks: 'is gone within the hour',
		idempotency_keys: 'repeats answers for a day; what they tell of is there',
		password_links: 'opens a door, and is gone once a password was chosen',
	},
};
