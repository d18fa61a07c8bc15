import type { Command } from 'commander';
import { readStorage } from '../../../../shared/client/settings.ts';
import type { StorageView } from '../../../../shared/protocol/about.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { bytesInWords, counted } from '../../terminal/words.ts';

const right = 'right' as const;
const PARTS = [{ title: 'WHAT' }, { title: 'FILES', side: right }, { title: 'SIZE', side: right }];
const PEOPLE = [{ title: 'WHO' }, { title: 'FILES', side: right }, { title: 'SIZE', side: right }];

const tell = ({ out }: Context, { disk, parts, idle, most }: StorageView): void => {
	if (disk === null) out.note('The disk cannot be looked at.');
	else {
		const { free, total, watermark } = disk;
		out.line(
			`${bytesInWords(free)} of ${bytesInWords(total)} are free; uploads are refused below ${bytesInWords(watermark)}.`,
		);
	}
	const rows = parts.map(({ name, count, bytes, more }) => [
		name,
		more ? `${count}+` : `${count}`,
		bytesInWords(bytes),
	]);
	printTable(out, PARTS, rows);
	if (idle.count > 0)
		out.note(`${counted(idle.count, 'content')} (${bytesInWords(idle.bytes)}) that nothing refers to, to be swept.`);
	if (most.length === 0) return;
	printTable(
		out,
		PEOPLE,
		most.map(({ username, files, bytes }) => [username, `${files}`, bytesInWords(bytes)]),
	);
};

/** `millrace admin storage`: what takes how much. */
export const storageCommand = (context: Context): Command =>
	serverCommand('storage')
		.description('what takes how much of the coordinator’s disk, and whose files take most (administrators)')
		.option('--json', 'as JSON')
		.addHelpText('after', '\nExample:\n  millrace admin storage')
		.action(async (options: ServerChoice & { json?: boolean }) => {
			const view = await readStorage(await context.connect(options), { signal: context.signal });
			if (options.json) context.out.json(view);
			else tell(context, view);
		});
