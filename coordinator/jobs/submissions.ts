import { CodedError, type FieldError } from '../../shared/coded-error.ts';
import { fitsPattern } from '../../shared/media-type-pattern.ts';
import type { DatasetInput } from '../../shared/protocol/dataset.ts';
import type { FileInput, TaskInput, TaskSubmission } from '../../shared/protocol/task.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { resolveInputs } from '../files/input-store.ts';
import { allowedKey, type Route, requireAllowed } from '../qos/allowed-keys.ts';
import { chooseClass } from '../qos/class-choice.ts';
import type { Policies } from '../qos/policies.ts';
import { findAnswer } from '../queue/answer-store.ts';
import { checkInputCount, ParameterChecks } from '../queue/check-parameters.ts';
import { checkSecrets } from '../queue/check-secrets.ts';
import { type Idempotency, idempotencyOf } from '../queue/idempotency.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { readRetryTerms } from '../queue/retry-store.ts';
import type { NewTask, SubmitAnswer } from '../queue/submit-store.ts';
import type { TaskOrigin } from '../queue/task-origin-store.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { TaskTypes } from '../queue/task-types.ts';
import { ownSecrets } from '../secrets/secret-store.ts';
import { originOf } from './origin-of.ts';
import type { SubmitRates } from './submit-rates.ts';

/** What is known of an input when a task is made with it. */
type Found = StoredInput & { mimetype: string | null };

/** Pins files of datasets; null for what is not there, or not for this person. Throws `licence-not-accepted`. */
export type FindDatasetInputs = (ownerSeq: number, inputs: readonly DatasetInput[]) => Promise<(Found | null)[]>;

/** Of one task, as JSON text. What is larger belongs into a file that is an input. */
const MOST_PARAMETERS = 64 * 1024;
const MOST_INPUTS = 512 * 1024;
const MOST_BATCH_INPUTS = 50_000;

/** Who asks, and for the time of one request the keys that were found: a batch names few, and finding one takes time. */
interface Asking {
	seq: number;
	mayNameAny: boolean;
	keys: Map<string, string>;
	/** Ids of those secrets that are named and are one's own. */
	secrets: ReadonlySet<string>;
	/** Why the task is made; null: because it is asked for here. */
	from: TaskOrigin | null;
}

/** Takes tasks that people ask for: checked whole against their manifests, inputs pinned, then stored all or none. */
export class Submissions {
	readonly #ledger: Ledger;
	readonly #types: TaskTypes;
	readonly #queue: TaskQueue;
	readonly #policies: Pick<Policies, 'of' | 'ofClass' | 'classes' | 'isValid'>;
	readonly #route: Route;
	readonly #rates: SubmitRates;
	readonly #checks = new ParameterChecks();
	readonly #checkNew: (routingKey: string) => void;
	readonly #findInDatasets: FindDatasetInputs;

	constructor(options: {
		ledger: Ledger;
		types: TaskTypes;
		queue: TaskQueue;
		policies: Pick<Policies, 'of' | 'ofClass' | 'classes' | 'isValid'>;
		route: Route;
		/** Throws when a key reaches a queue that takes no new tasks. */
		checkNew: (routingKey: string) => void;
		rates: SubmitRates;
		/** Without it there is no dataset. */
		findInDatasets?: FindDatasetInputs;
	}) {
		this.#findInDatasets = options.findInDatasets ?? (async (_, inputs) => inputs.map(() => null));
		this.#checkNew = options.checkNew;
		this.#ledger = options.ledger;
		this.#types = options.types;
		this.#queue = options.queue;
		this.#policies = options.policies;
		this.#route = options.route;
		this.#rates = options.rates;
	}

	/** `mayNameAny`: the owner may name any service class. `from`: why it is made, when nobody asks for it by itself. */
	async one(
		ownerSeq: number,
		submission: TaskSubmission,
		idempotencyKey: string | null,
		mayNameAny = false,
		from: TaskOrigin | null = null,
	): Promise<SubmitAnswer> {
		const idempotency = idempotencyOf('task', idempotencyKey, submission);
		const before = await this.#answered(ownerSeq, idempotency);
		if (before) return before;
		const now = Date.now();
		const inputs = await this.#find(ownerSeq, [submission]);
		const secrets = await this.#ownSecrets(ownerSeq, [submission]);
		const task = this.#check({ seq: ownerSeq, mayNameAny, keys: new Map(), secrets, from }, submission, inputs, now);
		return this.#submit(ownerSeq, [task], idempotency, now);
	}

	/**
	 * Checks a task as `one` does and makes it ready to be stored in somebody's transaction. Neither the rate nor the cap
	 * of the owner's class is asked.
	 */
	async prepare(ownerSeq: number, submission: TaskSubmission, now: number, mayNameAny = false): Promise<NewTask> {
		const inputs = await this.#find(ownerSeq, [submission]);
		const secrets = await this.#ownSecrets(ownerSeq, [submission]);
		return this.#check({ seq: ownerSeq, mayNameAny, keys: new Map(), secrets, from: null }, submission, inputs, now);
	}

	/** Throws `batch-invalid` with every bad task's index; then nothing of the batch is stored. */
	async batch(
		ownerSeq: number,
		submissions: readonly TaskSubmission[],
		idempotencyKey: string | null,
		mayNameAny = false,
	): Promise<SubmitAnswer> {
		const idempotency = idempotencyOf('task', idempotencyKey, submissions);
		const before = await this.#answered(ownerSeq, idempotency);
		if (before) return before;
		const count = submissions.reduce((sum, { inputs }) => sum + inputs.length, 0);
		if (count > MOST_BATCH_INPUTS) {
			throw new CodedError(
				'batch-invalid',
				`A batch may name ${MOST_BATCH_INPUTS} inputs, and this one names ${count}.`,
			);
		}
		const now = Date.now();
		const inputs = await this.#find(ownerSeq, submissions);
		const bad: FieldError[] = [];
		const secrets = await this.#ownSecrets(ownerSeq, submissions);
		const owner: Asking = { seq: ownerSeq, mayNameAny, keys: new Map(), secrets, from: null };
		const tasks: NewTask[] = [];
		let from = 0;
		for (const [index, submission] of submissions.entries()) {
			const own = inputs.slice(from, from + submission.inputs.length);
			from += submission.inputs.length;
			try {
				tasks.push(this.#check(owner, submission, own, now));
			} catch (error) {
				if (!(error instanceof CodedError)) throw error;
				const fields = error.fields ?? [{ path: '', message: error.message }];
				for (const { path, message } of fields) {
					bad.push({ path: path === '' ? `tasks[${index}]` : `tasks[${index}].${path}`, message });
				}
				if (bad.length >= 100) break;
			}
		}
		const [first] = bad;
		if (first) {
			throw new CodedError('batch-invalid', `${first.path}: ${first.message}. Nothing of the batch was stored.`, {
				fields: bad,
			});
		}
		return this.#submit(ownerSeq, tasks, idempotency, now);
	}

	/**
	 * Throws unless the owner might submit this task now: the class, the queue and the rate that it was made under need
	 * not be the owner's any more. What it is to cost of the rate is taken.
	 */
	async checkRetry(task: { seq: number; ownerSeq: number }, mayNameAny: boolean): Promise<void> {
		const { serviceClass, routingKey } = await this.#ledger.read(readRetryTerms, task.seq);
		const owner: Asking = { seq: task.ownerSeq, mayNameAny, keys: new Map(), secrets: new Set(), from: null };
		this.#keyOf(owner, chooseClass(serviceClass ?? undefined, owner, this.#policies), routingKey, routingKey);
		this.#rates.take(task.ownerSeq, 1);
	}

	/** Within the rate and the cap of the person's class. What is not made costs nothing of the rate. */
	async #submit(ownerSeq: number, tasks: readonly NewTask[], idempotency: Idempotency | null, now: number) {
		const giveBack = this.#rates.take(ownerSeq, tasks.length);
		let made = 0;
		try {
			const answer = await this.#queue.submit(ownerSeq, tasks, idempotency, now);
			made = answer.submitted.filter(({ deduplicated }) => !deduplicated).length;
			return answer;
		} catch (error) {
			throw isRetired(error) ? new CodedError('dataset-retired', undefined, { cause: error }) : error;
		} finally {
			giveBack(tasks.length - made);
		}
	}

	/** What a repeat of an earlier request is answered: it is not checked again, since the world may have changed. */
	async #answered(ownerSeq: number, idempotency: Idempotency | null): Promise<SubmitAnswer | null> {
		if (!idempotency) return null;
		const ids = await this.#ledger.read(findAnswer, { ownerSeq, idempotency });
		return ids && { ids, submitted: [] };
	}

	/**
	 * What the owner's class does not allow is not had by naming another class either, unless one may name any: then only
	 * the named one's word counts.
	 */
	#keyOf(owner: Asking, serviceClass: string | null, wanted: string | undefined, typeKey: string): string {
		const asked = JSON.stringify([serviceClass, wanted, typeKey]);
		const found = owner.keys.get(asked) ?? this.#findKey(owner, serviceClass, wanted, typeKey);
		owner.keys.set(asked, found);
		return found;
	}

	#findKey(owner: Asking, serviceClass: string | null, wanted: string | undefined, typeKey: string): string {
		const named = serviceClass === null ? null : this.#policies.ofClass(serviceClass);
		const own = this.#policies.of(owner.seq);
		const policies = named === null ? [own] : owner.mayNameAny ? [named] : [named, own];
		const key = wanted ?? allowedKey(policies[0]!, typeKey, this.#route) ?? typeKey;
		for (const policy of policies) requireAllowed(policy, key, this.#route);
		this.#checkNew(key);
		return key;
	}

	async #find(ownerSeq: number, submissions: readonly TaskSubmission[]): Promise<(Found | null)[]> {
		const inputs = submissions.flatMap((submission) => submission.inputs);
		const files = inputs.filter(isOfFile);
		const inDatasets = inputs.filter((input): input is DatasetInput => !isOfFile(input));
		const found = files.length === 0 ? [] : await this.#ledger.read(resolveInputs, { ownerSeq, inputs: files });
		const others = inDatasets.length === 0 ? [] : await this.#findInDatasets(ownerSeq, inDatasets);
		const [nextFile, nextOther] = [found.values(), others.values()];
		return inputs.map((input) => (isOfFile(input) ? nextFile : nextOther).next().value ?? null);
	}

	async #ownSecrets(ownerSeq: number, submissions: readonly TaskSubmission[]): Promise<ReadonlySet<string>> {
		const ids = submissions.flatMap(({ secrets }) => Object.values(secrets ?? {}));
		return new Set(ids.length === 0 ? [] : await this.#ledger.read(ownSecrets, { ownerSeq, ids }));
	}

	#check(owner: Asking, submission: TaskSubmission, found: readonly (Found | null)[], now: number): NewTask {
		const type = this.#types.newest(submission.type);
		if (!type) {
			throw new CodedError('unknown-task-type', `There is no task type ${submission.type}.`, {
				fields: [{ path: 'type', message: 'unknown task type' }],
			});
		}
		const { manifest } = type;
		checkInputCount(manifest, submission.inputs.length);
		const inputs = checkInputs(manifest.name, manifest.inputs.mediaTypes, found);
		const inputsText = inputs.length === 0 ? '[]' : JSON.stringify(inputs);
		if (inputsText.length > MOST_INPUTS)
			throw new CodedError('inputs-invalid', 'The paths of the inputs are too long together.');
		const fields = this.#checks.check(manifest, submission.parameters);
		if (fields.length > 0) throw new CodedError('parameters-invalid', undefined, { fields });
		const expiresAt = instant(submission.expiresAt);
		if (expiresAt !== null && expiresAt <= now) {
			throw new CodedError('invalid', 'The task would have expired already.', {
				fields: [{ path: 'expiresAt', message: 'lies in the past' }],
			});
		}
		const parameters = JSON.stringify(submission.parameters);
		if (parameters.length > MOST_PARAMETERS) {
			throw new CodedError('parameters-invalid', `The parameters may have ${MOST_PARAMETERS} characters as JSON.`, {
				fields: [{ path: 'parameters', message: `longer than ${MOST_PARAMETERS} characters as JSON` }],
			});
		}
		const serviceClass = chooseClass(submission.serviceClass, owner, this.#policies);
		return {
			id: newId('task', now),
			ownerSeq: owner.seq,
			typeSeq: type.seq,
			routingKey: this.#keyOf(owner, serviceClass, submission.routingKey, manifest.routingKey),
			priority: submission.priority,
			serviceClass,
			parameters,
			inputs: inputsText,
			fileSeq: inputs[0]?.fileSeq ?? null,
			jobSeq: null,
			origin: originOf(submission, checkSecrets(manifest, submission.secrets ?? {}, owner.secrets), owner.from),
			dedupeKey: submission.dedupeKey ?? null,
			notBefore: instant(submission.notBefore),
			expiresAt,
			after: submission.after ?? [],
		};
	}
}

/** The dataset was taken away after its files were pinned: the ledger's triggers refuse the task. */
const isRetired = (error: unknown): boolean =>
	(error as { code?: unknown }).code === 'SQLITE_CONSTRAINT_TRIGGER' && (error as Error).message === 'dataset-retired';

const isOfFile = (input: TaskInput): input is FileInput => 'file' in input;

const checkInputs = (type: string, patterns: readonly string[], found: readonly (Found | null)[]): StoredInput[] =>
	found.map((input, i) => {
		const refuse = (message: string) =>
			new CodedError('inputs-invalid', `Input ${i + 1} ${message}.`, { fields: [{ path: `inputs[${i}]`, message }] });
		if (!input) throw refuse('does not exist');
		const { mimetype, ...stored } = input;
		// What is not known yet is judged by the task itself.
		if (mimetype !== null && !patterns.some((pattern) => fitsPattern(mimetype, pattern))) {
			throw refuse(`is ${mimetype}, which ${type} does not take`);
		}
		return stored;
	});

const instant = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));
