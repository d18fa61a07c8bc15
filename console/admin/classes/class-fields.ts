/** How a setting is written: what its text may be is in field-text.ts. */
export type FieldKind =
	| 'text'
	| 'number'
	| 'count'
	| 'bytes'
	| 'duration'
	| 'rate'
	| 'names'
	| 'types'
	| 'instant'
	| 'switch';

/** One setting of a class in the form. */
export interface ClassField {
	/** Where it stands in the settings, such as `caps.running`. */
	path: string;
	label: string;
	/** What it does, in plain words. */
	help: string;
	kind: FieldKind;
	/** After the text. */
	unit?: string;
}

interface FieldGroup {
	title: string;
	fields: readonly ClassField[];
}

/** Every setting of a class; a test asks that none is forgotten. */
export const FIELD_GROUPS: readonly FieldGroup[] = [
	{
		title: 'What it is for',
		fields: [
			{
				path: 'description',
				label: 'Description',
				help: 'For administrators: whom the class is for, and why it is as it is.',
				kind: 'text',
			},
		],
	},
	{
		title: 'Who goes first',
		fields: [
			{
				path: 'band',
				label: 'Priority band',
				help: 'From 0, last, to 9, first. A band goes before all lower ones; those age while they wait and so still get a start now and then.',
				kind: 'number',
			},
			{
				path: 'weight',
				label: 'Weight',
				help: 'Its share of what its band gets, in proportion to the weights of the other classes there: 2 gets twice as much as 1.',
				kind: 'number',
			},
			{
				path: 'idleOnly',
				label: 'Idle only',
				help: 'It gets only slots that no other class can use and gives them back within two seconds when another wants them. It may wait for ever, and anybody may ask for such a class.',
				kind: 'switch',
			},
		],
	},
	{
		title: 'How much at once',
		fields: [
			{
				path: 'caps.running',
				label: 'Running, whole class',
				help: 'Tasks of the whole class that run at the same time. More wait, even when slots are free.',
				kind: 'count',
				unit: 'tasks',
			},
			{
				path: 'caps.runningPerUser',
				label: 'Running, each person',
				help: 'Tasks of each person in the class that run at the same time.',
				kind: 'count',
				unit: 'tasks',
			},
			{
				path: 'caps.queued',
				label: 'Waiting, each person',
				help: 'Open tasks of each person that do not run yet. A submit that would make more is refused.',
				kind: 'count',
				unit: 'tasks',
			},
			{
				path: 'caps.cores',
				label: 'Cores',
				help: 'Cores that the running tasks of the class ask for together, by the needs of their types.',
				kind: 'count',
				unit: 'cores',
			},
			{
				path: 'caps.memoryBytes',
				label: 'Memory',
				help: 'Memory that the running tasks of the class ask for together, by the needs of their types.',
				kind: 'bytes',
			},
			{
				path: 'caps.perType',
				label: 'Running, by task type',
				help: 'A task type and how many of its tasks may run at the same time, such as “thumbnail 4”. One on each line; a type that is not named has no limit.',
				kind: 'types',
			},
			{
				path: 'longestRunMs',
				label: 'Longest run',
				help: 'A task is asked to stop after so long if its type would let it run longer.',
				kind: 'duration',
			},
		],
	},
	{
		title: 'How fast',
		fields: [
			{
				path: 'rates.starts',
				label: 'Starts',
				help: 'How fast tasks of the whole class may start.',
				kind: 'rate',
			},
			{
				path: 'rates.submits',
				label: 'Submits',
				help: 'How fast each person may submit tasks; a batch counts with all its tasks.',
				kind: 'rate',
			},
			{
				path: 'bandwidth.uploadBytesPerSecond',
				label: 'Upload',
				help: 'Bytes a second that each person may send, over all connections together.',
				kind: 'bytes',
				unit: 'each second',
			},
			{
				path: 'bandwidth.downloadBytesPerSecond',
				label: 'Download',
				help: 'Bytes a second that each person may fetch, over all connections together.',
				kind: 'bytes',
				unit: 'each second',
			},
		],
	},
	{
		title: 'How much in all',
		fields: [
			{
				path: 'quotas.storedBytes',
				label: 'Storage',
				help: 'What each person may have stored, all versions and the trash included.',
				kind: 'bytes',
			},
			{
				path: 'quotas.files',
				label: 'Files',
				help: 'Files that each person may have, the trash included.',
				kind: 'count',
				unit: 'files',
			},
			{
				path: 'quotas.transferBytesPerMonth',
				label: 'Transfer',
				help: 'Up and down together, what each person may transfer in a calendar month (UTC).',
				kind: 'bytes',
				unit: 'each month',
			},
		],
	},
	{
		title: 'Where, when, at what price',
		fields: [
			{
				path: 'allowedQueues',
				label: 'Queues',
				help: 'Queues that its tasks may reach, one on each line.',
				kind: 'names',
			},
			{
				path: 'allowedRoutingKeys',
				label: 'Routing keys',
				help: 'Patterns such as “normal.#”, one on each line; a task’s routing key must match one.',
				kind: 'names',
			},
			{
				path: 'validFrom',
				label: 'Begins',
				help: 'Before this moment its people are in the class that they would have without it. Your time, such as 2026-03-01 08:00.',
				kind: 'instant',
			},
			{
				path: 'validUntil',
				label: 'Ends',
				help: 'From this moment on its people are in the class that they would have without it.',
				kind: 'instant',
			},
		],
	},
];

export const CLASS_FIELDS: readonly ClassField[] = FIELD_GROUPS.flatMap(({ fields }) => fields);

const BY_PATH = new Map(CLASS_FIELDS.map((field) => [field.path, field]));

/** The field where something about this place is told: `caps.perType.thumbnail` at `caps.perType`. */
export const fieldAt = (path: string): ClassField | undefined => {
	for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
		const field = BY_PATH.get(at);
		if (field) return field;
	}
	return undefined;
};
