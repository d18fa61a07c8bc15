/**
 * What is audited: by noun, what is done to it. A test compares it with the code. Besides there are what operators take
 * back (`queue.pause.undo`) and what ends later (`tasks.cancel.done`), and what was refused has the verb that was asked
 * for: `read`, `write`, `delete` or `steer`.
 */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
	alerts: ['test'],
	'app-password': ['create', 'revoke'],
	audit: ['export'],
	backup: ['check', 'restore'],
	budget: ['add', 'change', 'remove'],
	chore: ['run'],
	dataset: ['accept-licence', 'change', 'create', 'delete', 'grant', 'publish', 'publish-failed'],
	diagnosis: ['take'],
	file: ['copy', 'destroy', 'move', 'restore', 'result', 'trash', 'upload'],
	folder: ['copy', 'destroy', 'move', 'restore', 'trash'],
	group: ['change', 'create', 'delete'],
	job: ['cancel', 'create', 'pause', 'resume'],
	log: ['set-level'],
	mail: ['remove', 'set', 'test'],
	many: ['refuse'],
	node: [
		...['claim-usage', 'configure', 'cordon', 'drain', 'forget', 'join', 'return', 'revoke', 'settle', 'suspect'],
		'uncordon',
	],
	'node-token': ['create', 'delete'],
	password: ['change', 'choose', 'reset'],
	'password-link': ['create'],
	prices: ['add', 'withdraw'],
	queue: ['create', 'delete', 'drain', 'pause', 'purge', 'rebind', 'resume'],
	recipe: ['change', 'create', 'delete'],
	schedule: ['change', 'create', 'delete', 'pause', 'resume', 'run'],
	'second-factor': ['enable', 'recover', 'remove', 'renew-codes', 'require', 'reset'],
	secret: ['create', 'delete', 'replace'],
	'service-class': ['delete', 'put', 'roll-back'],
	session: ['confirm', 'create', 'end', 'end-others'],
	source: ['change', 'create', 'delete', 'gather', 'reset', 'resume', 'run', 'stop'],
	'task-type': ['install', 'retire'],
	tasks: ['boost', 'cancel', 'discard', 'hold', 'move', 'release', 'retry', 'unboost'],
	token: ['create', 'revoke'],
	trigger: ['change', 'create', 'delete'],
	usage: ['correct', 'rebuild'],
	user: ['change-role', 'create', 'delete', 'disable', 'enable', 'erase', 'export', 'give-class', 'shut-out'],
	webhook: ['change', 'create', 'delete', 'resume'],
};

/** Such as `queue.pause`. */
export const AUDIT_ACTIONS: readonly string[] = Object.entries(ACTIONS).flatMap(([noun, verbs]) =>
	verbs.map((verb) => `${noun}.${verb}`),
);
