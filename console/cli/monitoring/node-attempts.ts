import { answeredJson, type HttpClient } from '../../../shared/client/http-client.ts';
import { listNodeAttempts, listPastAttempts } from '../../../shared/client/nodes.ts';
import { eachItem } from '../../../shared/client/page.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import type { NodeAttempt, PastAttempt } from '../../../shared/protocol/node-attempt.ts';
import type { Context } from '../context.ts';
import { printTable } from '../terminal/table.ts';
import { durationInWords, localTime } from '../terminal/words.ts';

const share = (value: number): string => `${Math.round(value * 100)} %`;
const nameOf = ({ task, attempt }: { task: string; attempt: number }): string =>
	attempt === 1 ? task : `${task} (attempt ${attempt})`;

const ATTEMPT_COLUMNS = [
	...[{ title: 'TASK' }, { title: 'TYPE' }, { title: 'OWNER' }, { title: 'STATE' }, { title: 'SINCE' }],
	...[
		{ title: 'SLOTS', side: 'right' as const },
		{ title: 'LEASE LEFT', side: 'right' as const },
		{ title: 'DEVICES' },
	],
];

const attemptRow = (one: NodeAttempt): string[] => [
	nameOf(one),
	one.type,
	one.ownerName ?? one.owner ?? 'deleted',
	one.progress === null ? one.state : `${one.state} ${share(one.progress)}`,
	localTime(one.since),
	String(one.slots),
	share(one.leaseLeft),
	Object.entries(one.devices)
		.map(([name, count]) => `${name}=${count}`)
		.join(','),
];

/** What runs on a node. */
export const showRunning = async ({ out, signal }: Context, http: HttpClient, node: NodeView, json: boolean) => {
	const found: NodeAttempt[] = [];
	const pages = (cursor?: string) =>
		listNodeAttempts(http, node.id, cursor === undefined ? {} : { cursor }, { signal });
	for await (const one of eachItem(pages)) found.push(one);
	if (json) out.json({ node: node.id, items: found.map((one) => answeredJson(one)) });
	else if (found.length === 0) out.note(`Nothing runs on ${node.name}.`);
	else printTable(out, ATTEMPT_COLUMNS, found.map(attemptRow));
};

const PAST_COLUMNS = [
	...[{ title: 'TASK' }, { title: 'TYPE' }, { title: 'OWNER' }, { title: 'ENDED' }, { title: 'AT' }],
	...[{ title: 'TOOK', side: 'right' as const }, { title: 'WHY' }],
];

const pastRow = (one: PastAttempt): string[] => [
	...[nameOf(one), one.type, one.ownerName ?? one.owner ?? 'deleted', one.state, localTime(one.finishedAt)],
	...[durationInWords(Date.parse(one.finishedAt) - Date.parse(one.startedAt)), one.reason ?? ''],
];

/** What ended on a node last. */
export const showPast = async ({ out, signal }: Context, http: HttpClient, node: NodeView, json: boolean) => {
	const { items } = await listPastAttempts(http, node.id, {}, { signal });
	if (json) out.json({ node: node.id, items: items.map((one) => answeredJson(one)) });
	else if (items.length === 0) out.note(`Nothing has ended on ${node.name} lately.`);
	else printTable(out, PAST_COLUMNS, items.map(pastRow));
};
