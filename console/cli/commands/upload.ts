import type { Command } from 'commander';
import PQueue from 'p-queue';
import { createFolder } from '../../../shared/client/folders.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { type Context, serverCommand } from '../context.ts';
import { CliError, type Explained, explain, usageError } from '../failure.ts';
import { wholeNumber } from '../number-option.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { openFollower } from '../tasks/open-follower.ts';
import type { TaskFollower } from '../tasks/task-follower.ts';
import { reportTasks } from '../tasks/wait-for-tasks.ts';
import { ProgressBar, progressLine } from '../terminal/progress-bar.ts';
import { TransferMeter } from '../terminal/transfer-meter.ts';
import { bytesInWords, counted } from '../terminal/words.ts';
import { planUpload, readArguments, type ToUpload } from '../upload/plan-upload.ts';
import { UnfinishedUploads } from '../upload/unfinished-uploads.ts';
import { type UploadOptions, uploadFile } from '../upload/upload-file.ts';

interface Options extends ServerChoice {
	to?: string;
	overwrite: boolean;
	skipSame?: boolean;
	wait?: boolean;
	parallel: number;
	json?: boolean;
}

/** One run of `millrace upload`. */
class UploadRun {
	readonly counts = { uploaded: 0, same: 0, failed: 0, leftOut: 0 };
	firstFailure: Explained | null = null;
	label = '';
	readonly #context: Context;
	readonly #options: Options;
	readonly #transfer: UploadOptions;
	readonly #follower: TaskFollower | null;
	readonly #targets = new Set<string>();

	constructor(context: Context, options: Options, transfer: UploadOptions, follower: TaskFollower | null) {
		this.#context = context;
		this.#options = options;
		this.#transfer = transfer;
		this.#follower = follower;
	}

	/** Takes one thing on; throws only when interrupted. */
	async take(item: ToUpload): Promise<void> {
		const { out, signal } = this.#context;
		try {
			if (item.kind === 'left-out') {
				this.counts.leftOut += 1;
				out.note(`${item.local}: left out, it is ${item.why}`);
			} else if (item.kind === 'empty-folder') await this.#makeFolder(item.remote);
			else await this.#upload(item);
		} catch (error) {
			signal.throwIfAborted();
			const explained = explain(error);
			this.counts.failed += 1;
			this.firstFailure ??= explained;
			const { sentence: message, code } = explained;
			if (this.#options.json)
				out.jsonLine({ kind: 'file', local: item.local, status: 'failed', error: { code, message } });
			out.error(`${item.local}: ${message}`);
		}
	}

	async #makeFolder(remote: string): Promise<void> {
		const folder = await createFolder(this.#transfer.http, remote);
		if (this.#options.json) this.#context.out.jsonLine({ kind: 'folder', folder });
		else this.#context.out.line(`${folder.path}/`);
	}

	async #upload(file: ToUpload & { kind: 'file' }): Promise<void> {
		const { out, signal } = this.#context;
		if (this.#targets.has(file.remote)) throw usageError(`another local file goes to ${file.remote} already.`);
		this.#targets.add(file.remote);
		signal.throwIfAborted();
		this.label = file.remote;
		const done = await uploadFile(file, this.#transfer);
		this.counts[done.status] += 1;
		if (done.status === 'same') {
			if (this.#options.json) out.jsonLine({ kind: 'file', local: file.local, status: 'same', path: file.remote });
			else out.line(`${file.remote}: is there already`);
			return;
		}
		const { answer } = done;
		this.#follower?.follow(answer.tasks.map(({ id }) => id));
		if (this.#options.json) out.jsonLine({ kind: 'file', local: file.local, status: 'uploaded', ...answer });
		else {
			const tasks = answer.tasks.map(({ type }) => type).join(', ');
			out.parts(answer.file.path, { text: tasks === '' ? '' : `  ${tasks}`, style: 'dim' });
		}
	}
}

const transferAll = async (
	context: Context,
	http: HttpClient,
	plan: () => AsyncGenerator<ToUpload>,
	options: Options,
	follower: TaskFollower | null,
): Promise<UploadRun> => {
	const meter = new TransferMeter();
	const { signal, out, environment } = context;
	const unfinished = new UnfinishedUploads(environment.stateFolder);
	const conditions = { noOverwrite: !options.overwrite, skipSame: options.skipSame === true };
	const run = new UploadRun(context, options, { http, signal, meter, unfinished, ...conditions }, follower);
	using _bar = new ProgressBar(context.stderr, out, (width) => progressLine(meter.figures, run.label, width));
	const lanes = new PQueue({ concurrency: options.parallel });
	for await (const item of plan()) {
		if (item.kind === 'file') meter.expect(item.size);
		await lanes.onSizeLessThan(1_000);
		// Only an interruption is thrown, and that is met again by the check below.
		lanes.add(() => run.take(item)).catch(() => {});
		signal.throwIfAborted();
	}
	await lanes.onIdle();
	signal.throwIfAborted();
	if (!options.json && run.counts.uploaded + run.counts.same > 1) {
		const { doneBytes } = meter.figures;
		out.note(
			`${counted(run.counts.uploaded, 'file')} uploaded, ${run.counts.same} there already, ${bytesInWords(doneBytes)}`,
		);
	}
	return run;
};

const upload = async (context: Context, args: readonly string[], options: Options): Promise<void> => {
	const plan = await readArguments(args, options.to);
	const http = await context.connect(options);
	const items = await planUpload(http, plan, context.signal);
	// Begins to listen before the first upload, so that no change of a task is missed.
	using follower = options.wait ? await openFollower({ http, signal: context.signal }) : null;
	const run = await transferAll(context, http, items, options, follower);
	const { failed } = run.counts;
	if (failed === 0 && follower === null) return;
	if (follower !== null)
		await reportTasks(context, http, follower, options.json === true ? 'lines' : 'text', failed > 0);
	if (run.firstFailure !== null) {
		const sentence = `${counted(failed, 'file was', 'files were')} not uploaded. Run the same command again, with --skip-same.`;
		throw new CliError(run.firstFailure.exitCode, sentence);
	}
};

/** `millrace upload`: brings files and folders to the server. */
export const uploadCommand = (context: Context): Command =>
	serverCommand('upload')
		.description('upload files and folders, folders with everything in them')
		.argument('<paths...>', 'local files and folders; the last one is the target when it begins with a slash')
		.option('--to <REMOTE>', 'the target: a folder if it is one or ends with a slash, otherwise the file’s new path')
		.option('--no-overwrite', 'refuse where the path is taken, instead of making a new version')
		.option('--skip-same', 'leave out what the server has at that path already, by SHA-256')
		.option('--wait', 'wait until the tasks of the uploads have ended')
		.option('--parallel <N>', 'files at a time', wholeNumber(1, 32), 4)
		.option('--json', 'as lines of JSON: one for each file, with --wait also one for each task')
		.addHelpText(
			'after',
			`
Examples:
  millrace upload photo.jpg                     to /photo.jpg
  millrace upload photo.jpg /2026/beach.jpg     under another name
  millrace upload photos notes.txt /backup/     to /backup/photos/… and /backup/notes.txt
  millrace upload . /site --skip-same --wait    what is in this folder

Files of 8 MiB and more go on where they were after a cut, also when the command is run again. Links are left out.`,
		)
		.action((args: string[], options: Options) => upload(context, args, options));
