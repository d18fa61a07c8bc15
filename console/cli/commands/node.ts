import type { Command } from 'commander';
import { readHistory } from '../../../shared/client/history.ts';
import { answeredJson } from '../../../shared/client/http-client.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { type HistoryOptions, wishOf, withHistoryOptions } from '../monitoring/history-options.ts';
import { printHistory } from '../monitoring/history-table.ts';
import { showPast, showRunning } from '../monitoring/node-attempts.ts';
import { bytesInWords, counted, localTime } from '../terminal/words.ts';
import { findNode } from './nodes.ts';

interface Options extends HistoryOptions {
	history?: boolean;
	running?: boolean;
	past?: boolean;
}

const share = (value: number): string => `${Math.round(value * 100)} %`;
const ofAll = (used: number, total: number | undefined): string =>
	total === undefined ? bytesInWords(used) : `${bytesInWords(used)} of ${bytesInWords(total)}`;

/** How the machine is doing, one line each of what is known. */
const linesOf = ({ metrics, capabilities }: NodeView): [string, string][] => {
	const seen = metrics ?? {};
	const { cpuLoad, load1, memoryUsedBytes, diskUsedBytes, diskTotalBytes, gpuLoad, gpuMemoryUsedBytes } = seen;
	const { diskReadBytesPerSecond: read, diskWriteBytesPerSecond: written, gpuMemoryTotalBytes, eventLoopLagMs } = seen;
	const { networkInBytesPerSecond: came, networkOutBytesPerSecond: went } = seen;
	const lines: [string, string][] = [];
	if (cpuLoad !== undefined) {
		const cores = capabilities ? ` of ${counted(capabilities.cores, 'core')}` : '';
		lines.push(['CPU', `${share(cpuLoad)}${cores}${load1 === undefined ? '' : `, load ${load1}`}`]);
	}
	if (memoryUsedBytes !== undefined) lines.push(['Memory', ofAll(memoryUsedBytes, capabilities?.memoryBytes)]);
	if (diskUsedBytes !== undefined) lines.push(['Disk', ofAll(diskUsedBytes, diskTotalBytes)]);
	if (read !== undefined && written !== undefined) {
		lines.push(['Disk traffic', `${bytesInWords(read)}/s read, ${bytesInWords(written)}/s written`]);
	}
	if (came !== undefined && went !== undefined) {
		lines.push(['Network', `${bytesInWords(came)}/s in, ${bytesInWords(went)}/s out`]);
	}
	if (gpuLoad !== undefined) {
		const memory = gpuMemoryUsedBytes === undefined ? '' : `, ${ofAll(gpuMemoryUsedBytes, gpuMemoryTotalBytes)}`;
		lines.push(['GPU', `${share(gpuLoad)}${memory}`]);
	}
	if (eventLoopLagMs !== undefined) lines.push(['Agent held up', `${eventLoopLagMs} ms at the most`]);
	return lines;
};

const show = ({ out }: Context, node: NodeView): void => {
	const seen = node.lastSeenAt === null ? 'never seen' : `last seen ${localTime(node.lastSeenAt)}`;
	out.line(`${node.name}: ${node.state}, ${node.running} of ${counted(node.concurrency, 'slot')} in use, ${seen}`);
	for (const [what, words] of linesOf(node)) out.line(`  ${what.padEnd(14)}${words}`);
	if (node.metrics === null) out.note('It says how it is doing only while it is connected; see what was: --history');
};

/** `millrace node`: how one machine is doing and was doing. */
export const nodeCommand = (context: Context): Command =>
	withHistoryOptions(
		serverCommand('node')
			.description('how a machine is doing, now and before (operators and administrators)')
			.argument('<name>', 'by name or id')
			.option('--running', 'what runs there now')
			.option('--past', 'what ended there last')
			.option('--history', 'how it was doing'),
	)
		.addHelpText(
			'after',
			`
Examples:
  millrace node vm-2
  millrace node vm-2 --running                       task, owner, since when, what is left of its lease
  millrace node vm-2 --past                          what ended there, how and why
  millrace node vm-2 --history                       the last hour, by the second
  millrace node vm-2 --history --since 7d            by the hour
  millrace node vm-2 --history --measures cpuLoad,running --json

Kept are seconds for an hour, minutes for a week, hours for a year.
Queues, classes and the coordinator: millrace admin history --help

Your token needs the scope admin: millrace login --admin`,
		)
		.action(async (name: string, options: Options) => {
			const { since, until, resolution, measures, history, running, past } = options;
			if ([history, running, past].filter(Boolean).length > 1) {
				throw usageError('Ask for one: what runs now (--running), what ended (--past), or its history (--history).');
			}
			if (!history && (since ?? until ?? resolution ?? measures) !== undefined) {
				throw usageError('--since, --until, --resolution and --measures choose of the history: add --history.');
			}
			const http = await context.connect(options);
			const node = await findNode(http, name, context.signal);
			if (running) return showRunning(context, http, node, options.json === true);
			if (past) return showPast(context, http, node, options.json === true);
			if (!history) {
				if (options.json) context.out.json(answeredJson(node));
				else show(context, node);
				return;
			}
			const found = await readHistory(http, 'node', node.id, wishOf(options), { signal: context.signal });
			if (options.json) context.out.json({ node: node.id, ...found });
			else printHistory(context.out, node.name, found);
		});
