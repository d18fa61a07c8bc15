import { Readable } from 'node:stream';
import { SYSTEM } from '../../coordinator/audit/doer.ts';
import type { Quota } from '../../coordinator/files/quota-store.ts';
import { type SettledWithEffects, settleWithEffects } from '../../coordinator/jobs/settle-store.ts';
import { countItems } from '../../coordinator/source-runs/item-line.ts';
import { Sources } from '../../coordinator/sources/sources.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { type NewSource, newSourceSchema, type SourceView } from '../../shared/protocol/source.ts';
import { attemptUsageRow } from './attempt-usage-row.ts';
import { JobsRoom } from './jobs-room.ts';

/** What a task of a source was given: where it begins, and how much it may bring. */
export interface Given {
	seq: number;
	task: string;
	cursor: Json;
	left: number | null;
}

/** What a node says that a run has brought. */
export interface Word {
	/** Keys of its items; lines, when they are to be no items. */
	keys?: readonly string[];
	lines?: readonly string[];
	cursor?: Json;
	more?: boolean;
	note?: string | null;
	/** What comes beside the items. */
	others?: Record<string, string>;
	quota?: Quota;
}

const NOW = Date.parse('2100-11-20T07:30:00Z');

/** Sources with real rooms, a real ledger and a real disk, by a clock that stands still until it is set, later than any other clock here: no schedule comes due by itself. 1 is ada. */
export class SourcesRoom implements AsyncDisposable {
	readonly jobs: JobsRoom;
	readonly sources: Sources;
	now = NOW;

	private constructor(jobs: JobsRoom) {
		this.jobs = jobs;
		const { ledger, policies, queue, submissions, files, processing } = jobs;
		this.sources = new Sources({
			...{ ledger, policies, blobs: files.blobs, types: jobs.types },
			prepare: (...asked) => submissions.prepare(...asked),
			accepted: (submitted, tasks, now) => queue.accepted(submitted, tasks, now),
			schedulesChanged: (seqs) => processing.schedules.changed(seqs),
			now: () => this.now,
		});
	}

	static async open(): Promise<SourcesRoom> {
		return new SourcesRoom(await JobsRoom.open());
	}

	/** As if nothing had been made yet: cheaper than another room. */
	clear(): void {
		this.now = NOW;
		const tables = [
			'schedules',
			'sources',
			'dataset_entries',
			'dataset_versions',
			'datasets',
			'notices',
			'task_outputs',
		];
		for (const table of tables) this.jobs.db.exec(`DELETE FROM ${table}`);
	}

	/** A feed, without a schedule unless told. */
	create(source: Partial<NewSource> = {}): Promise<SourceView> {
		const feed = { name: 'Mills', type: 'feed-topic', parameters: { url: 'https://example.org/feed' }, schedule: null };
		return this.sources.create(1, newSourceSchema.parse({ ...feed, ...source }), null, SYSTEM);
	}

	/** Begins a run by hand; throws when it was running. */
	async start(id: string): Promise<Given> {
		const { task, started } = await this.sources.run(id, SYSTEM);
		if (!started) throw new Error('it was running already');
		return this.given(task);
	}

	given(task: string): Given {
		const row = this.jobs.db
			.prepare('SELECT t.seq, o.given FROM tasks t JOIN task_origins o ON o.task_seq = t.seq WHERE t.id = ?')
			.get(task) as { seq: number; given: string };
		const { source } = JSON.parse(row.given) as { source: { cursor: Json; left: number | null } };
		return { seq: row.seq, task, ...source };
	}

	/** Settles a run as a node's word would. */
	async settle(run: Given, word: Word = {}): Promise<SettledWithEffects> {
		const { keys = [], cursor = { at: 1 }, more = false, note = null, others = {}, quota = null } = word;
		const lines = word.lines ?? keys.map((key) => JSON.stringify({ key, at: null, text: `item ${key}` }));
		const content = Buffer.from(lines.map((line) => `${line}\n`).join(''));
		const outputs = lines.length === 0 ? [] : [await this.#put('items.jsonl', content)];
		for (const [name, text] of Object.entries(others)) outputs.push(await this.#put(name, Buffer.from(text)));
		return this.jobs.ledger.write(settleWithEffects, {
			item: {
				...{
					seq: run.seq,
					ownerSeq: 1,
					attempt: 1,
					token: 'x',
					node: 'nod_1',
					startedAt: this.now,
					finishedAt: this.now,
				},
				...{
					attemptState: 'succeeded',
					reason: null,
					error: null,
					failures: 0,
					losses: 0,
					usage: attemptUsageRow(run.seq),
				},
				next: { state: 'succeeded', dueAt: null, avoidNode: null },
				result: JSON.stringify({ cursor, items: lines.length, more, note }),
				unclaimed: true,
			},
			effects: { outputs, file: null, quota, source: { ...(await countItems(content)), most: run.left } },
		});
	}

	/** Ends a run without success, after attempts that ended so, and lets what follows from it happen. */
	async fail(run: Given, code: string, attempts: readonly { state: string; reason: string }[] = []): Promise<void> {
		const attempt = this.jobs.db.prepare(
			`INSERT INTO attempts (task_seq, number, node, token, state, reason, started_at, finished_at)
			 VALUES (?, ?, 'nod_1', ?, ?, ?, 1, 2)`,
		);
		for (const [i, { state, reason }] of attempts.entries()) {
			attempt.run(run.seq, i + 1, `${run.seq} ${i}`, state, reason);
		}
		this.jobs.db
			.prepare(
				`UPDATE tasks SET state = 'failed', finished_at = 1, error_code = ?, error_message = 'It went wrong.' WHERE seq = ?`,
			)
			.run(code, run.seq);
		await this.jobs.settled();
	}

	/** Keys of all that is in the newest version of its dataset, oldest first. */
	async keys(id: string): Promise<string[]> {
		const keys: string[] = [];
		let cursor: string | null | undefined;
		while (cursor !== null) {
			const page = await this.sources.items(id, { limit: 3, cursor: cursor ?? undefined });
			keys.push(...page.items.map(({ key }) => key));
			cursor = page.nextCursor;
		}
		return keys.reverse();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.jobs[Symbol.asyncDispose]();
	}

	async #put(name: string, content: Buffer) {
		const { blobs } = this.jobs.files;
		const staged = await blobs.stage(Readable.from([content]), { maxBytes: 1e7 });
		(await blobs.keep(staged))();
		return { name, sha256: staged.sha256, size: staged.size, mediaType: 'text/html', sniffed: null };
	}
}
