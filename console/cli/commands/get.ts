import type { Command } from 'commander';
import PQueue from 'p-queue';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { type Context, serverCommand } from '../context.ts';
import { bringArchive } from '../download/download-archive.ts';
import { downloadFile, downloadToStream } from '../download/download-file.ts';
import { placeFile, placeTree, planDownload, type Wanted } from '../download/plan-download.ts';
import { TargetFolder } from '../download/target-folder.ts';
import { CliError, type Explained, explain, usageError } from '../failure.ts';
import { wholeNumber } from '../number-option.ts';
import { idKindOf, nameOf, remotePath } from '../remote/remote-path.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { ProgressBar, progressLine } from '../terminal/progress-bar.ts';
import { TransferMeter } from '../terminal/transfer-meter.ts';
import { bytesInWords, counted } from '../terminal/words.ts';

interface Options extends ServerChoice {
	force?: boolean;
	parallel: number;
	zip?: boolean;
	json?: boolean;
}

interface Got {
	path: string;
	local: string | null;
	size: number;
	sha256: string;
	status: 'downloaded' | 'same' | 'failed';
	error: { code: string; message: string } | null;
}

/** One run of `millrace get` into a folder. */
class Download {
	readonly got: Got[] = [];
	firstFailure: Explained | null = null;
	readonly #context: Context;
	readonly #http: HttpClient;
	readonly #options: Options;
	readonly #meter: TransferMeter;
	#label = '';

	constructor(context: Context, http: HttpClient, options: Options, meter: TransferMeter) {
		this.#context = context;
		this.#http = http;
		this.#options = options;
		this.#meter = meter;
	}

	get label(): string {
		return this.#label;
	}

	/** Brings one thing to its place; a failure is told and remembered. */
	async bring(wanted: Wanted, folder: TargetFolder): Promise<void> {
		const { signal, out } = this.#context;
		const { title, source } = wanted;
		let local: string | null = null;
		try {
			if (source === null) {
				await folder.folder(wanted.names);
				return;
			}
			local = await folder.place(wanted.names);
			this.#label = title;
			const options = { http: this.#http, signal, meter: this.#meter, force: this.#options.force === true };
			const status = await downloadFile(source, local, options);
			this.#add(wanted, local, status, null);
			if (!this.#options.json) out.line(status === 'same' ? `${local}: is here already` : local);
		} catch (error) {
			signal.throwIfAborted();
			const explained = explain(error);
			this.firstFailure ??= explained;
			this.#add(wanted, local, 'failed', explained);
			out.error(`${title}: ${explained.sentence}`);
		}
	}

	#add({ title, source }: Wanted, local: string | null, status: Got['status'], failure: Explained | null): void {
		const error = failure && { code: failure.code, message: failure.sentence };
		this.got.push({ path: title, local, size: source?.size ?? 0, sha256: source?.sha256 ?? '', status, error });
	}
}

const get = async (context: Context, target: string, local: string | undefined, options: Options): Promise<void> => {
	if (local === '-' && options.json) throw usageError('Standard output is for the file itself here; leave --json out.');
	const http = await context.connect(options);
	if (options.zip) return zip(context, http, { target, local, options });
	const { signal, out } = context;
	const plan = await planDownload(http, target, signal);
	const meter = new TransferMeter();
	if (local === '-') {
		if (plan.kind === 'tree') throw usageError('Only one file can go to standard output.');
		await downloadToStream(plan.file.source, (chunk) => out.bytes(chunk), { http, signal, meter });
		return;
	}
	const download = new Download(context, http, options, meter);
	{
		using _bar = new ProgressBar(context.stderr, out, (width) => progressLine(meter.figures, download.label, width));
		if (plan.kind === 'file') {
			const place = await placeFile(plan.file.names[0] ?? '', local);
			meter.expect(plan.file.source.size);
			await download.bring({ ...plan.file, names: [place.name] }, new TargetFolder(place.folder));
		} else {
			const folder = new TargetFolder(await placeTree(plan.name, local));
			const lanes = new PQueue({ concurrency: options.parallel });
			for await (const wanted of plan.items) {
				meter.expect(wanted.source?.size ?? 0);
				await lanes.onSizeLessThan(1_000);
				// An interruption is met again by the check below.
				lanes.add(() => download.bring(wanted, folder)).catch(() => {});
				signal.throwIfAborted();
			}
			await lanes.onIdle();
			signal.throwIfAborted();
		}
	}
	report(context, download, options);
};

const zip = (
	context: Context,
	http: HttpClient,
	asked: { target: string; local: string | undefined; options: Options },
) => {
	const { target, local, options } = asked;
	if (idKindOf(target) !== null) throw usageError('With --zip name a folder by its path, such as /photos.');
	const folder = remotePath(target);
	const { force = false, json = false } = options;
	return bringArchive(context, http, { query: { folder }, name: nameOf(folder) || 'files', local, force, json });
};

const report = ({ out }: Context, { got, firstFailure }: Download, options: Options): void => {
	if (options.json) out.json({ items: got });
	const good = got.filter(({ status }) => status !== 'failed');
	if (firstFailure !== null) {
		const missing = got.length - good.length;
		throw new CliError(
			firstFailure.exitCode,
			`${counted(missing, 'file is', 'files are')} not here. Run the same command again.`,
		);
	}
	const bytes = good.reduce((sum, { size, status }) => sum + (status === 'downloaded' ? size : 0), 0);
	if (!options.json && got.length !== 1) out.note(`${counted(good.length, 'file')}, ${bytesInWords(bytes)} downloaded`);
};

/** `millrace get`: brings files, folders and results here. */
export const getCommand = (context: Context): Command =>
	serverCommand('get')
		.description('download a file, a folder, or the outputs of a task')
		.argument('<path-or-id>', 'a path on the server, or the id of a file or task')
		.argument('[local]', 'where to: a folder, a file name, or - for standard output')
		.option('-f, --force', 'replace local files that differ')
		.option('--parallel <N>', 'files at a time', wholeNumber(1, 32), 4)
		.option('--zip', 'a folder as one archive: quicker for many small files, but begun anew when it is cut')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
Every file is checked against its SHA-256 before it gets its name. A download that was cut goes on where it was, also
when the command is run again.`,
		)
		.action((target: string, local: string | undefined, options: Options) => get(context, target, local, options));
