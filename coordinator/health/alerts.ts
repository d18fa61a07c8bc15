import type { CheckName, HealthView } from '../../shared/protocol/health.ts';
import type { AlertTest } from '../../shared/protocol/mail.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { readAlerts, tellAlerts, testAlerts } from './alert-store.ts';
import { Beginnings } from './beginnings.ts';
import { dueAlerts, isQuiet, type QuietHours, type Told } from './due-alerts.ts';

/** After a start everybody comes back first: what is wrong then is told if it stays so. */
const SETTLES_MS = 60_000;

/** Tells administrators what changes in health: as notices, so by their webhooks, and by mail. */
export class Alerts {
	readonly #ledger: Pick<Ledger, 'read' | 'write'>;
	readonly #logger: Logger;
	readonly #quiet: QuietHours | null;
	readonly #place: string;
	readonly #wake: () => void;
	readonly #startedAt: number;
	readonly #beginnings = new Beginnings();
	#told: Map<string, Told> | null = null;
	#telling: Promise<void> | null = null;

	constructor(options: {
		ledger: Pick<Ledger, 'read' | 'write'>;
		logger: Logger;
		quiet: QuietHours | null;
		/** Which coordinator it is, for people. */
		place: string;
		/** There are deliveries to be made, or mails to be sent. */
		wake: () => void;
		startedAt?: number;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#quiet = options.quiet;
		this.#place = options.place;
		this.#wake = options.wake;
		this.#startedAt = options.startedAt ?? Date.now();
	}

	/** The checks were made. What cannot be told now is told after the next look. */
	looked(view: HealthView): void {
		const at = Date.parse(view.at);
		if (at - this.#startedAt < SETTLES_MS) return;
		this.#beginnings.note(view.checks, at);
		this.#telling ??= this.#tell(view, at)
			.catch((error: unknown) => this.#logger.error({ err: error }, 'what changed in health could not be told'))
			.finally(() => {
				this.#telling = null;
			});
	}

	/** Tells administrators, their webhooks and the mail recipients something that means nothing. */
	async test(by: Doer): Promise<AlertTest> {
		const told = await this.#ledger.write(testAlerts, { place: this.#place, by, now: Date.now() });
		this.#wake();
		return told;
	}

	/** Until nothing is being told. */
	async settled(): Promise<void> {
		await this.#telling;
	}

	async #tell(view: HealthView, at: number): Promise<void> {
		this.#told ??= new Map(
			(await this.#ledger.read(readAlerts, null)).map(({ name, ...told }) => [name, { ...told, comesAndGoes: false }]),
		);
		const time = new Date(at);
		const quiet = this.#quiet !== null && isQuiet(this.#quiet, time.getHours() * 60 + time.getMinutes());
		const begun = (name: CheckName) => this.#beginnings.count(name);
		const due = dueAlerts(view.checks, this.#told, { at, quiet, begun });
		if (due.length === 0) return;
		const { deliveries, mail } = await this.#ledger.write(tellAlerts, { due, place: this.#place });
		for (const { name, told, toldAt, comesAndGoes } of due) this.#told.set(name, { told, toldAt, comesAndGoes });
		if (deliveries > 0 || mail) this.#wake();
	}
}
