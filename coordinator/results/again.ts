import type { z } from 'zod';
import { CodedError } from '../../shared/coded-error.ts';
import type { againSchema } from '../../shared/protocol/provenance.ts';
import { type TaskInput, type TaskSubmission, taskSubmissionSchema } from '../../shared/protocol/task.ts';
import type { Ledger } from '../database/ledger.ts';
import { missTask } from '../queue/missing-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { plainOrigin, type TaskOrigin } from '../queue/task-origin-store.ts';
import { type AskedTask, readAsked } from './again-store.ts';

type Wish = z.infer<typeof againSchema>;

/** Submits a task for its owner, with why it is made. */
type Submit = (
	ownerSeq: number,
	submission: TaskSubmission,
	idempotencyKey: string | null,
	mayNameAny: boolean,
	from: TaskOrigin,
) => Promise<{ ids: string[] }>;

/** Does again what a task did: a new task of the newest version of the same type, with results that go to the same place. */
export class Again {
	readonly #ledger: Ledger;
	readonly #submit: Submit;

	constructor(options: { ledger: Ledger; submit: Submit }) {
		this.#ledger = options.ledger;
		this.#submit = options.submit;
	}

	/** Throws `not-found` or `no-longer-kept`. */
	async find(id: string): Promise<AskedTask> {
		const asked = await this.#ledger.read(readAsked, id);
		return asked ?? this.#ledger.read(missTask, id);
	}

	/**
	 * Answers with the new task. Throws what any submit throws, and `recipe-broken` when the parameters of before do not fit
	 * the type as it is now.
	 */
	async run(asked: AskedTask, wish: Wish, idempotencyKey: string | null, mayNameAny: boolean): Promise<{ id: string }> {
		const { ownerSeq, type, routingKey, priority, serviceClass, origin } = asked;
		const secrets = secretsOf(origin);
		const submission = taskSubmissionSchema.parse({
			...{ type, routingKey, priority },
			parameters: wish.parameters ?? JSON.parse(asked.parameters),
			inputs: asked.inputs.map((input) => askedFor(input, wish.inputs === 'same')),
			...(serviceClass === null ? {} : { serviceClass }),
			...(origin?.filing ? { results: origin.filing } : {}),
			...(secrets === null ? {} : { secrets }),
		});
		// What led to the first one still counts: its result is the same work's, and no trigger goes round in circles by it.
		const from: TaskOrigin = { ...(origin ?? plainOrigin('again')), cause: 'again', sourceSeq: null, given: null };
		try {
			const { ids } = await this.#submit(ownerSeq, submission, idempotencyKey, mayNameAny, from);
			return { id: ids[0] as string };
		} catch (error) {
			const isOfBefore = wish.parameters === undefined && error instanceof CodedError;
			if (!isOfBefore || error.code !== 'parameters-invalid') throw error;
			const message = `The parameters of before do not fit ${type} any more; give others.`;
			throw new CodedError('recipe-broken', message, {
				cause: error,
				...(error.fields ? { fields: error.fields } : {}),
			});
		}
	}
}

/** An input as a submission names it. */
const askedFor = ({ file, dataset, path, version }: StoredInput, isSame: boolean): TaskInput => {
	const pinned = isSame ? { version } : {};
	return file === null ? { dataset: dataset ?? '', path, ...pinned } : { file, ...pinned };
};

const secretsOf = (origin: TaskOrigin | null): Record<string, string> | null => {
	const given = origin?.given as { secrets?: Record<string, string> } | null | undefined;
	return given?.secrets ?? null;
};
