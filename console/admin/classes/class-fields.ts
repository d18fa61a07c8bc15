import { words } from './class-field-words.ts';

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
		title: words.whatItIsFor,
		fields: [
			{
				path: 'description',
				label: words.description,
				help: words.descriptionHelp,
				kind: 'text',
			},
		],
	},
	{
		title: words.whoGoesFirst,
		fields: [
			{
				path: 'band',
				label: words.priorityBand,
				help: words.priorityBandHelp,
				kind: 'number',
			},
			{
				path: 'weight',
				label: words.weight,
				help: words.weightHelp,
				kind: 'number',
			},
			{
				path: 'idleOnly',
				label: words.idleOnly,
				help: words.idleOnlyHelp,
				kind: 'switch',
			},
		],
	},
	{
		title: words.howMuchAtOnce,
		fields: [
			{
				path: 'caps.running',
				label: words.runningWholeClass,
				help: words.runningWholeClassHelp,
				kind: 'count',
				unit: 'tasks',
			},
			{
				path: 'caps.runningPerUser',
				label: words.runningEachPerson,
				help: words.runningEachPersonHelp,
				kind: 'count',
				unit: 'tasks',
			},
			{
				path: 'caps.queued',
				label: words.waitingEachPerson,
				help: words.waitingEachPersonHelp,
				kind: 'count',
				unit: 'tasks',
			},
			{
				path: 'caps.cores',
				label: words.cores,
				help: words.coresHelp,
				kind: 'count',
				unit: 'cores',
			},
			{
				path: 'caps.memoryBytes',
				label: words.memory,
				help: words.memoryHelp,
				kind: 'bytes',
			},
			{
				path: 'caps.perType',
				label: words.runningByTaskType,
				help: words.runningByTaskTypeHelp,
				kind: 'types',
			},
			{
				path: 'longestRunMs',
				label: words.longestRun,
				help: words.longestRunHelp,
				kind: 'duration',
			},
		],
	},
	{
		title: words.howFast,
		fields: [
			{
				path: 'rates.starts',
				label: words.starts,
				help: words.startsHelp,
				kind: 'rate',
			},
			{
				path: 'rates.submits',
				label: words.submits,
				help: words.submitsHelp,
				kind: 'rate',
			},
			{
				path: 'bandwidth.uploadBytesPerSecond',
				label: words.upload,
				help: words.uploadHelp,
				kind: 'bytes',
				unit: 'each second',
			},
			{
				path: 'bandwidth.downloadBytesPerSecond',
				label: words.download,
				help: words.downloadHelp,
				kind: 'bytes',
				unit: 'each second',
			},
		],
	},
	{
		title: words.howMuchInAll,
		fields: [
			{
				path: 'quotas.storedBytes',
				label: words.storage,
				help: words.storageHelp,
				kind: 'bytes',
			},
			{
				path: 'quotas.files',
				label: words.files,
				help: words.filesHelp,
				kind: 'count',
				unit: 'files',
			},
			{
				path: 'quotas.transferBytesPerMonth',
				label: words.transfer,
				help: words.transferHelp,
				kind: 'bytes',
				unit: 'each month',
			},
		],
	},
	{
		title: words.whereWhenAtWhatPrice,
		fields: [
			{
				path: 'allowedQueues',
				label: words.queues,
				help: words.queuesHelp,
				kind: 'names',
			},
			{
				path: 'allowedRoutingKeys',
				label: words.routingKeys,
				help: words.routingKeysHelp,
				kind: 'names',
			},
			{
				path: 'validFrom',
				label: words.begins,
				help: words.beginsHelp,
				kind: 'instant',
			},
			{
				path: 'validUntil',
				label: words.ends,
				help: words.endsHelp,
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
