import { randomUUID } from 'node:crypto';
import { type Api, ApiRefusal } from '../support/api.ts';
import { History } from '../support/history.ts';
import { makeJpeg, withComment } from '../support/make-images.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { untilAnswered } from '../support/until-answered.ts';
import { waitFor } from '../support/wait-for.ts';

const TICK_MS = 100;
/** Of what could not be asked for while everything was down, so many seconds are caught up with. */
const CATCH_UP_SECONDS = 15;
/** One person may have sixteen requests under way. */
const AT_ONCE = 12;
const WORDS = 'the quick brown fox jumps over the lazy dog and back again'.split(' ');
/** Files that come and go; the rest stays, and is held against the ledger. */
const COMING_AND_GOING = 100;
const PATIENCE_MS = 600_000;

/**
 * What people do all day, so many tasks a second, whether it is answered or not: pictures and texts are uploaded and
 * processed, batches submitted, work done on files that are there, some of it cancelled, some files deleted, and much
 * looked at. What gets no answer is said again.
 */
export class MixedLoad {
	readonly history = new History();
	/** Tasks that were asked for and answered. */
	tasks = 0;
	readonly #api: Api;
	readonly #random: SeededRandom;
	readonly #pictures: readonly Buffer[];
	readonly #timer: NodeJS.Timeout;
	readonly #underWay = new Set<Promise<void>>();
	readonly #passing: { id: string; name: string }[] = [];
	readonly #kept: { id: string; path: string }[] = [];
	#credit = 0;
	#failure: unknown = null;
	#isOver = false;

	private constructor(api: Api, random: SeededRandom, rate: number, pictures: readonly Buffer[]) {
		this.#api = api;
		this.#random = random;
		this.#pictures = pictures;
		this.#timer = setInterval(() => this.#tick((rate * TICK_MS) / 1_000, rate * CATCH_UP_SECONDS), TICK_MS);
	}

	static async start(api: Api, random: SeededRandom, rate: number): Promise<MixedLoad> {
		const pictures: Buffer[] = [];
		for (const orientation of [1, 3, 6]) pictures.push(await makeJpeg(random, { megapixels: 0.1, orientation }));
		return new MixedLoad(api, random, rate, pictures);
	}

	/** Asks for nothing more and waits for what is under way. */
	async end(): Promise<void> {
		clearInterval(this.#timer);
		this.#isOver = true;
		while (this.#underWay.size > 0) await Promise.all(this.#underWay);
	}

	/** Throws the first refusal that should not have been. */
	throwFailure(): void {
		if (this.#failure !== null) throw this.#failure;
	}

	#tick(credit: number, most: number): void {
		this.#credit = Math.min(most, this.#credit + credit);
		while (this.#credit > 0 && this.#underWay.size < AT_ONCE && !this.#isOver) {
			const [expected, act] = this.#next();
			this.#credit -= expected;
			const done: Promise<void> = act().then(
				(made) => {
					this.tasks += made;
					this.#credit += expected - made;
				},
				(error: unknown) => {
					this.#failure ??= error;
				},
			);
			this.#underWay.add(done);
			void done.finally(() => this.#underWay.delete(done));
		}
	}

	/** How many tasks the next act will make, about, and the act, which tells how many it has made. */
	#next(): [expected: number, act: () => Promise<number>] {
		const dice = this.#random.next();
		const random = this.#random;
		if (dice < 0.12) return [3, () => this.#upload('jpg', this.#picture())];
		if (dice < 0.27) return [2, () => this.#upload('txt', this.#text())];
		if (dice < 0.35) return [8, () => this.#submit(Array.from({ length: 8 }, () => this.#noop()))];
		if (dice < 0.65) return [1, () => this.#submit([this.#noop()])];
		if (dice < 0.75) return [1, () => this.#onFile(random.pick(['checksum', 'textstats', 'resize']))];
		if (dice < 0.8) return [1, () => this.#cancelled()];
		return [0, () => this.#look()];
	}

	#picture(): Buffer {
		return withComment(this.#random.pick(this.#pictures), randomUUID());
	}

	#text(): string {
		const words = Array.from({ length: this.#random.between(20, 2_000) }, () => this.#random.pick(WORDS));
		return `${randomUUID()} ${words.join(' ')}\n`;
	}

	#noop(): object {
		const parameters = this.#random.pick([{}, { sleepMs: this.#random.between(1, 200) }, { cpuMs: 5 }]);
		return { type: 'noop', parameters: { ...parameters, echo: randomUUID() } };
	}

	async #submit(tasks: object[]): Promise<number> {
		await this.#submitted(tasks);
		return tasks.length;
	}

	/** Under a key: what was done and not answered is not done again. */
	async #submitted(tasks: object[]): Promise<string[]> {
		const key = randomUUID();
		const headers = { 'idempotency-key': key };
		const submit = () => this.#api.post<{ ids: string[] }>('/tasks:batch', { tasks }, headers);
		const act = () => this.history.submit(submit, key);
		return (await untilAnswered(this.#api, this.history, act, PATIENCE_MS)).ids;
	}

	async #upload(kind: 'jpg' | 'txt', content: Buffer | string): Promise<number> {
		const stays = this.#random.next() < 0.2;
		const path = `/${stays ? 'kept' : 'passing'}/${randomUUID()}.${kind}`;
		// What is deleted again is not held against the ledger.
		const history = stays ? this.history : new History();
		const act = () => history.upload(() => this.#api.upload(path, content));
		const answer = await untilAnswered(this.#api, history, act, PATIENCE_MS);
		const { id } = answer.file;
		if (stays) this.#kept.push({ id, path });
		else this.#passing.push({ id, name: path });
		const oldest = this.#passing.length > COMING_AND_GOING ? this.#passing.shift() : undefined;
		if (oldest) await this.#quietly(() => this.#api.json('DELETE', `/files/${oldest.id}?forever=true`));
		return answer.tasks.length;
	}

	async #onFile(type: string): Promise<number> {
		const fitting = this.#kept.filter(
			({ path }) => type === 'checksum' || path.endsWith('jpg') === (type === 'resize'),
		);
		if (fitting.length === 0) return this.#submit([this.#noop()]);
		const { id } = this.#random.pick(fitting);
		return this.#submit([{ type, inputs: [{ file: id }] }]);
	}

	async #cancelled(): Promise<number> {
		const [id] = await this.#submitted([{ type: 'noop', parameters: { sleepMs: 600_000 } }]);
		// A task of ten minutes: unless it is cancelled the soak does not end.
		await this.#untilDone(() => this.#api.post(`/tasks/${id}:cancel`));
		return 1;
	}

	async #look(): Promise<number> {
		const kept = this.#kept.length > 0 ? this.#random.pick(this.#kept) : null;
		const at = ['/tasks?limit=50', '/usage', '/files?folder=/kept&limit=50', '/me'];
		const path = this.#random.pick([
			...at.map((one) => `/api/v1${one}`),
			...(kept ? [`/api/v1/content${kept.path}`] : []),
		]);
		await this.#quietly(async () => {
			const { status, body } = await this.#api.raw('GET', path);
			if (status === 500) throw new ApiRefusal(`GET ${path}`, status, body.toString('utf8'));
		});
		return 0;
	}

	/** What nobody needs to say again when everything is down; a fault is one nevertheless. */
	async #quietly(act: () => Promise<unknown>): Promise<void> {
		await act().catch((error: unknown) => {
			if (error instanceof ApiRefusal && error.status === 500) throw error;
		});
	}

	async #untilDone(act: () => Promise<unknown>): Promise<void> {
		const once = () =>
			act().then(
				() => true,
				(error: unknown) => {
					// Said before, and not heard that it was done; or over by itself.
					if (error instanceof ApiRefusal && error.status < 500) return true;
					throw error;
				},
			);
		await waitFor('an answer', once, { withinMs: PATIENCE_MS });
	}
}
