import type { Ledger } from '../database/ledger.ts';
import { type JournalPart, readJournal } from './journal-reader.ts';
import { countEventsBefore, type EpochFacts, readEpochs } from './journal-store.ts';
import type { Stay } from './stay-notes.ts';
import { StoryScan, StorySizes } from './story-scan.ts';

/** Epochs that a story goes back over. */
const MOST_EPOCHS = 4;
/** Events before a task's end up to which every decision is made again; about ten seconds of work. */
const MOST_REPLAYED = 2_000_000;
/** Events that are looked through at all. */
const MOST_READ = 20_000_000;
/** Between the ledger's clock and the journal's there may be so much. */
const SLACK_MS = 5_000;

/** Of which task, and about when. */
export interface StoryWish {
	seq: number;
	from: number;
	to: number;
	/** When whoever asks has no more patience (`Date.now()`). */
	deadline: number;
}

/** The story as it is in the journal, with numbers instead of names. */
export interface Story {
	stays: Stay[];
	gaps: { from: number; to: number }[];
	isCut: boolean;
}

/** Finds a task in the journal and tells how it stood in line. Takes up to some seconds of a thread. */
export const tellStory = async (
	ledger: Pick<Ledger, 'read'>,
	wish: StoryWish,
	limits: { replayed?: number; read?: number } = {},
): Promise<Story> => {
	const all = await ledger.read(readEpochs, { from: wish.from - SLACK_MS, to: wish.to + SLACK_MS });
	const epochs = all.slice(-MOST_EPOCHS);
	const [newest] = (await ledger.read(readEpochs, { from: wish.from, to: Number.MAX_SAFE_INTEGER })).slice(-1);
	const story: Story = { stays: [], gaps: [], isCut: epochs.length < all.length };
	for (const epoch of epochs) {
		const isOver = epoch.epoch !== newest?.epoch;
		const all = { replayed: MOST_REPLAYED, read: MOST_READ, ...limits };
		await tellEpoch({ ledger, epoch, isOver, wish, limits: all, story });
	}
	return story;
};

interface Telling {
	ledger: Pick<Ledger, 'read'>;
	epoch: EpochFacts;
	/** The coordinator that wrote it runs no more. */
	isOver: boolean;
	wish: StoryWish;
	limits: { replayed: number; read: number };
	story: Story;
}

const tellEpoch = async (telling: Telling): Promise<void> => {
	const { ledger, epoch, wish, limits, story } = telling;
	const near = wish.from - SLACK_MS;
	const sizes = new StorySizes(wish.seq);
	const cut = () => {
		story.isCut = true;
	};
	for await (const part of within(telling, { from: near, deadline: wish.deadline, cut })) {
		if (part.kind === 'gap') story.gaps.push({ from: part.from, to: part.to });
		if (part.kind === 'events') for (const event of part.events) sizes.take(event);
	}
	if (sizes.sizes.length === 0) return;
	const before = await ledger.read(countEventsBefore, { epoch: epoch.epoch, before: near });
	const last = before + sizes.events;
	const tell = async (whyNot: string | null, deadline: number): Promise<boolean> => {
		const scan = new StoryScan({ seq: wish.seq, sizes: sizes.sizes, whyNot });
		let at = epoch.fromAt;
		let isCut = false;
		const cut = () => {
			isCut = true;
		};
		// Too much to look through from the beginning: those who stood in line before are unknown then.
		const from = last <= limits.read ? null : near;
		for await (const part of within(telling, { from, deadline, cut })) {
			if (part.kind !== 'events') continue;
			for (const event of part.events) {
				at = part.at(event);
				scan.take(event, at);
			}
		}
		if (isCut && whyNot === null) return false;
		story.isCut ||= isCut;
		const end = telling.isOver ? epoch.toAt : Math.max(at, wish.to);
		story.stays.push(...scan.told({ at: end, isOver: telling.isOver }));
		return true;
	};
	const whyNot = whyNotExact(epoch, last, limits.replayed);
	// Half of the time for the better story; when that is not enough there is as much for the other one.
	if (whyNot === null && (await tell(null, (Date.now() + wish.deadline) / 2))) return;
	await tell(whyNot ?? 'making the decisions again took too long', wish.deadline);
};

/** The epoch's parts from some time on, or from its beginning, up to the end of the wish; `cut` is called when it has to be broken off. */
const within = async function* (
	{ ledger, epoch, wish, limits }: Telling,
	{ from, deadline, cut }: { from: number | null; deadline: number; cut: () => void },
): AsyncGenerator<JournalPart> {
	const range = { fromEpoch: epoch.epoch, toEpoch: epoch.epoch };
	let read = 0;
	for await (const part of readJournal(ledger, from === null ? range : { ...range, endsFrom: from })) {
		if (part.kind === 'events') {
			read += part.events.length;
			if (read > limits.read || Date.now() > deadline) {
				cut();
				return;
			}
			const [first] = part.events;
			if (first && part.at(first) > wish.to + SLACK_MS) return;
		}
		yield part;
	}
};

const whyNotExact = (epoch: EpochFacts, events: number, most: number): string | null => {
	if (!epoch.isWhole) return 'a part of the journal of that run of the coordinator is missing or not kept any more';
	if (events <= most) return null;
	return `${events} events came before its end since the coordinator started; decisions are made again for at most ${most}`;
};
