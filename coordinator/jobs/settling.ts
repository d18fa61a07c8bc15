import type { Json } from '../../shared/protocol/json.ts';
import { MOST_PART_BYTES } from '../../shared/protocol/source.ts';
import type { Ledger } from '../database/ledger.ts';
import type { BlobStore } from '../files/blob-store.ts';
import type { FileEvents } from '../files/file-events.ts';
import type { Quota } from '../files/quota-store.ts';
import { sniffMediaType } from '../files/sniff.ts';
import type { StagedBlob } from '../files/staged-blob.ts';
import type { SettleOutcome } from '../queue/lease-store.ts';
import type { Lease, StoredGiven, StoredInput } from '../queue/open-task.ts';
import type { Ending } from '../queue/settlements.ts';
import type { Announcer } from '../report/announcer.ts';
import { type Brought, countItems } from '../source-runs/item-line.ts';
import { type Effects, settlePlain, settleWithEffects } from './settle-store.ts';
import { factsOf } from './task-facts.ts';

/** Outputs of live attempts that have arrived and wait to be settled. */
export interface ArrivedOutputs {
	find(attempt: { token: string }, name: string): StagedBlob | null;
	/** They are gone: when the attempt is reported again, its work is done anew. */
	discard(attempt: { token: string }): void;
}

/**
 * Writes endings with all that follows from them. Outputs are put into the blob store before the transaction that
 * refers to them; when it fails, or is not current, the sweep takes what nobody refers to.
 */
export class Settling {
	readonly #ledger: Ledger;
	readonly #blobs: BlobStore;
	readonly #outputs: ArrivedOutputs;
	readonly #announcer: Announcer<FileEvents>;
	readonly #happened: (last: number) => void;
	readonly #quotaOf: (ownerSeq: number) => Quota | null;

	constructor(options: {
		ledger: Ledger;
		blobs: BlobStore;
		outputs: ArrivedOutputs;
		announcer: Announcer<FileEvents>;
		/** Told after each commit which happening is the newest. */
		happened: (last: number) => void;
		/** What a person's class gives for files; null: no limit. */
		quotaOf: (ownerSeq: number) => Quota | null;
	}) {
		this.#ledger = options.ledger;
		this.#blobs = options.blobs;
		this.#outputs = options.outputs;
		this.#announcer = options.announcer;
		this.#happened = options.happened;
		this.#quotaOf = options.quotaOf;
	}

	/** Each ending stands or falls alone; those without effects travel together. */
	async commit(endings: readonly Ending[]): Promise<PromiseSettledResult<SettleOutcome | null>[]> {
		const effects = endings.map(effectsOf);
		const plain = endings.filter((_, i) => !effects[i]);
		const together =
			plain.length === 0
				? null
				: this.#ledger.write(
						settlePlain,
						plain.map(({ item }) => item),
						// The slots are free already; only the acknowledgement waits.
						{ patient: true },
					);
		let place = 0;
		return Promise.allSettled(
			endings.map((ending, i) => {
				const own = effects[i];
				if (own) return this.#commitWith(ending, own);
				const at = place++;
				return (together as NonNullable<typeof together>).then(({ outcomes, happened }) => {
					this.#happened(happened);
					return outcomes[at] ?? null;
				});
			}),
		);
	}

	async #commitWith(ending: Ending, known: EarlyEffects): Promise<SettleOutcome | null> {
		const { lease, item } = ending;
		const releases: (() => void)[] = [];
		try {
			const outputs: Effects['outputs'] = [];
			for (const output of known.outputs) {
				const staged = this.#outputs.find(lease, output.name);
				if (!staged) throw new Error(`the output ${output.name} of ${lease.id} is not there any more`);
				releases.push(await this.#keep(staged, lease));
				outputs.push({ ...output, sniffed: sniffMediaType(staged.head) });
			}
			const source = known.source && { ...(await this.#itemsOf(outputs)), most: known.source.left };
			const effects: Effects = { outputs, file: known.file, quota: this.#quotaOf(item.ownerSeq), source };
			const { outcome, files, happened } = await this.#ledger.write(settleWithEffects, { item, effects });
			this.#happened(happened);
			if (files.length > 0) this.#announcer.announce('file:changed', files);
			return outcome;
		} finally {
			for (const release of releases) release();
		}
	}

	/** What a run of a source has brought. Its outputs have been kept. */
	async #itemsOf(outputs: Effects['outputs']): Promise<Brought> {
		const items = outputs.find(({ name }) => name === 'items.jsonl');
		if (!items) return { items: 0, trouble: null };
		if (items.size > MOST_PART_BYTES) {
			return { items: 0, trouble: `its items have ${items.size} bytes, and may have ${MOST_PART_BYTES}` };
		}
		return countItems(await this.#blobs.readSmall(items.sha256, items.size));
	}

	async #keep(staged: StagedBlob, lease: Lease): Promise<() => void> {
		try {
			return await this.#blobs.keep(staged);
		} catch (error) {
			// An earlier try put it into the store, its transaction failed, and the sweep has taken it since.
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') this.#outputs.discard(lease);
			throw error;
		}
	}
}

/** As far as they are known before the outputs are looked at. */
interface EarlyEffects extends Pick<Effects, 'file'> {
	outputs: Ending['outputs'];
	/** Where the source was that it is a run of. */
	source: NonNullable<StoredGiven['source']> | null;
}

/** Null for an ending that brings nothing beside itself. */
const effectsOf = ({ lease, item, outputs }: Ending): EarlyEffects | null => {
	if (item.next.state !== 'succeeded') return null;
	const inputs = lease.task.payload?.inputs ?? '[]';
	const facts = factsOf(
		lease.task.type,
		item.result,
		outputs.map(({ name }) => name),
	);
	const [input] = inputs === '[]' || !facts ? [] : (JSON.parse(inputs) as StoredInput[]);
	const file = facts && input ? fileEffects(input, facts.facts, outputs, facts.thumbnail) : null;
	const { given = null } = lease.task.payload ?? {};
	// A source goes on from somewhere else also when it brought nothing.
	const source = given === null ? null : ((JSON.parse(given) as StoredGiven).source ?? null);
	return outputs.length > 0 || file || source ? { outputs, file, source } : null;
};

const fileEffects = (
	input: StoredInput,
	facts: Record<string, Json>,
	outputs: Ending['outputs'],
	thumbnail: string | null,
): Effects['file'] => {
	// Nothing is noted about files of datasets.
	if (input.fileSeq === null) return null;
	const output = outputs.find(({ name }) => name === thumbnail);
	return { fileSeq: input.fileSeq, version: input.version, facts, ...(output ? { thumbnail: output } : {}) };
};
