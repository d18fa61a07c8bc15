import type { HealthView } from '../../shared/protocol/health.ts';
import type { HealthFacts } from './facts.ts';
import { refusesUploads } from './machine-checks.ts';

const HEALTH_WORDS: Record<HealthView['state'], string> = {
	ok: 'well',
	warn: 'something should be looked at: millrace doctor',
	fail: 'something is wrong: millrace doctor',
};

/** Whether it can serve anybody now. In few words, since whoever is not known may ask. */
export const readiness = async (parts: {
	/** Rejects when the ledger does not answer. */
	askLedger: () => Promise<unknown>;
	disk: () => Promise<NonNullable<HealthFacts['disk']>>;
	lastState: HealthView['state'];
}) => {
	const ledger = await parts.askLedger().then(
		() => ({ ok: true, detail: 'answers' }),
		(error: Error) => ({ ok: false, detail: `does not answer: ${error.message}. See the log.` }),
	);
	const isFull = refusesUploads(await parts.disk());
	const disk = isFull ? 'nearly full: uploads are refused until there is room again' : 'has room';
	return [
		{ name: 'ledger', ...ledger },
		{ name: 'disk', ok: true, detail: disk },
		{ name: 'health', ok: true, detail: HEALTH_WORDS[parts.lastState] },
	];
};
