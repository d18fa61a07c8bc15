import { moneyInWords } from '../../../shared/money-words.ts';
import { isFinalTaskState, type LogLine, type TaskDetail } from '../../../shared/protocol/task.ts';
import type { Output, Style } from '../terminal/output.ts';
import { type Cell, printTable } from '../terminal/table.ts';
import { bytesInWords, durationInWords, localTime } from '../terminal/words.ts';
import { headline } from './headline.ts';
import { stateCell, stateWord } from './state-words.ts';
import { rangeInWords } from './time-range.ts';
import { usedWords } from './used-words.ts';

const ATTEMPT_COLUMNS = [
	{ title: 'TRY', side: 'right' as const },
	{ title: 'NODE' },
	{ title: 'STATE' },
	{ title: 'STARTED' },
	{ title: 'TOOK', side: 'right' as const },
	{ title: 'CPU', side: 'right' as const },
	{ title: 'MEMORY', side: 'right' as const },
	{ title: 'REASON' },
];

const attemptRows = ({ attempts }: TaskDetail): (string | Cell)[][] =>
	attempts.map(({ number, node, state, startedAt, finishedAt, usage, reason }) => [
		String(number),
		node,
		stateWord(state),
		localTime(startedAt),
		finishedAt === null ? '' : durationInWords(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt))),
		usage === null ? '' : durationInWords(usage.cpuMs),
		usage === null ? '' : bytesInWords(usage.peakMemoryBytes),
		reason ?? '',
	]);

const facts = (task: TaskDetail): [string, string][] => {
	const parameters = Object.keys(task.parameters).length === 0 ? '' : JSON.stringify(task.parameters);
	const all: [string, string | null][] = [
		['id', task.id],
		['queue', `${task.queue ?? 'none yet'} (routing key ${task.routingKey}, priority ${task.priority})`],
		['created', localTime(task.createdAt)],
		['not before', task.notBefore && localTime(task.notBefore)],
		['expires', task.expiresAt && localTime(task.expiresAt)],
		['class', task.serviceClass ?? 'none was asked for; it went by its owner’s'],
		['boosted', task.boosted && !isFinalTaskState(task.state) ? 'goes before everything that is not boosted' : null],
		['held', heldWords(task)],
		['starts', task.state === 'queued' ? rangeInWords(task.startsAt) : null],
		['ends', task.state === 'queued' || task.state === 'running' ? rangeInWords(task.finishesAt) : null],
		['parameters', parameters],
		['used', isUsageKept(task) ? usedWords(task.usage) : 'no longer kept'],
		['cost', costWords(task)],
		['secrets', task.secrets.join(', ')],
		['after', task.after.join(', ')],
	];
	return all.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
};

/** Records of usage may be forgotten before their task. */
const isUsageKept = ({ attempts }: TaskDetail): boolean =>
	attempts.every(({ usage, finishedAt }) => finishedAt === null || usage !== null);

/** What it has cost so far, and what it was expected to. */
const costWords = ({ estimateMicro, amountMicro }: TaskDetail): string | null => {
	if (estimateMicro === null && amountMicro === 0) return null;
	const expected = estimateMicro === null ? '' : `; ${moneyInWords(estimateMicro)} was expected`;
	return `${moneyInWords(amountMicro)}${expected}`;
};

/** Who keeps it out of line. */
const heldWords = ({ held, state }: TaskDetail): string | null => {
	if (held === null || isFinalTaskState(state)) return null;
	return `since ${localTime(held.since)} by ${held.by}${held.reason === null ? '' : `: ${held.reason}`}`;
};

/** All about one task, for a person. */
export const showTask = (out: Output, task: TaskDetail): void => {
	out.parts({ text: headline(task), style: stateCell(task.state).style ?? 'bold' });
	for (const [name, value] of facts(task)) out.parts({ text: name.padEnd(12), style: 'dim' }, value);
	if (task.attempts.length > 0) {
		out.line('');
		printTable(out, ATTEMPT_COLUMNS, attemptRows(task));
	}
	if (task.result !== null) {
		out.line('');
		out.line('Result', 'bold');
		for (const line of JSON.stringify(task.result, null, 2).split('\n')) out.line(line);
	}
	if (task.outputs.length > 0) showOutputs(out, task);
	if (task.filings.length === 0) return;
	out.line('');
	out.line('Files made of them', 'bold');
	showFilings(out, task.filings);
};

export const showFilings = (out: Output, filings: TaskDetail['filings']): void => {
	for (const { name, state, file, path, version, reason } of filings) {
		if (state === 'unfiled') out.line(`${name}  none: ${reason}`, 'yellow');
		else
			out.line(
				`${name}  ${file === null ? 'destroyed since' : `${path ?? 'in the trash'} (${file}, version ${version})`}`,
			);
	}
};

const showOutputs = (out: Output, task: TaskDetail): void => {
	out.line('');
	out.line(`Outputs (bring them here with: millrace get ${task.id})`, 'bold');
	for (const { name, size, mediaType } of task.outputs) out.line(`${name}  ${bytesInWords(size)}  ${mediaType}`);
};

const STREAM_STYLES: Record<LogLine['stream'], Style | undefined> = { out: undefined, err: 'yellow', system: 'dim' };

/** One line of a task's log. Its text is whatever the task has written: it is shown, never obeyed. */
export const showLogLine = (out: Output, { text, stream }: LogLine): void => out.line(text, STREAM_STYLES[stream]);
