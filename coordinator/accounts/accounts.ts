import type { SettingsView } from '../../shared/protocol/about.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Announcer } from '../report/announcer.ts';
import type { Logger } from '../report/logger.ts';
import type { AccountEvents } from './account-events.ts';
import { Authenticator } from './authenticator.ts';
import { Credentials } from './credentials.ts';
import { DEFENDER_RULES, Defender, type DefenderRules } from './defender.ts';
import { OutsideChanges } from './outside-changes.ts';
import { PasswordCheck } from './password-check.ts';
import { PasswordHasher } from './password-hasher.ts';
import { PasswordLinks } from './password-links.ts';
import { type Sealing, SecondFactors } from './second-factors.ts';
import { Sessions } from './sessions.ts';
import { Setup } from './setup.ts';
import { UseMarks } from './use-marks.ts';
import { Users } from './users.ts';

/** How often the last use of sessions and tokens is written down. */
const MARKS_EVERY_MS = 60_000;
/** Within so long a running coordinator heeds what the command line did to users. */
const OUTSIDE_EVERY_MS = 1_000;

export interface AccountsOptions {
	ledger: Ledger;
	audit: AuditLog;
	announcer: Announcer<AccountEvents>;
	logger: Logger;
	/** A session that is not used for so long ends. */
	sessionIdleMs: number;
	/** A session ends after so long whatever its use. */
	sessionMaxMs: number;
	/** A service class was given to somebody or taken away; whoever did it waits until this is done. */
	onClassGiven?: () => Promise<void>;
	defender?: Partial<DefenderRules>;
	/** Seals secrets of second factors; without it none can be set up or used, only taken away. */
	sealing?: Sealing;
	/** Which coordinator it is, for authenticator apps. */
	place?: string | undefined;
	/** Default: one of its own. */
	hasher?: PasswordHasher;
	now?: () => number;
}

/** The accounts room: who people are, how they show it, and what is done against those who guess. */
export class Accounts {
	readonly authenticator: Authenticator;
	readonly users: Users;
	readonly sessions: Sessions;
	readonly credentials: Credentials;
	readonly passwordLinks: PasswordLinks;
	readonly setup: Setup;
	readonly defender: Defender;
	/** Which sessions end by themselves, and who is banned; for administrators. */
	readonly rules: SettingsView['rules'];
	readonly secondFactors: SecondFactors;
	readonly #marks: UseMarks;
	readonly #timers: NodeJS.Timeout[];
	#isClosed = false;

	private constructor(options: AccountsOptions, hasher: PasswordHasher, outside: OutsideChanges) {
		const { ledger, audit, announcer, logger, now = Date.now } = options;
		this.#marks = new UseMarks(ledger);
		this.defender = new Defender({ audit, now, ...(options.defender ? { rules: options.defender } : {}) });
		const idleMs = options.sessionIdleMs;
		const { threshold: banPoints, windowMs: banWindowMs, banMs } = { ...DEFENDER_RULES, ...options.defender };
		this.rules = { sessionIdleMs: idleMs, sessionMostMs: options.sessionMaxMs, banPoints, banWindowMs, banMs };
		const { defender } = this;
		this.authenticator = new Authenticator({ ledger, defender, marks: this.#marks, sessionIdleMs: idleMs, now });
		const { authenticator } = this;
		this.secondFactors = new SecondFactors({
			...{ ledger, authenticator, announcer, now },
			sealing: options.sealing ?? null,
			place: options.place ?? null,
		});
		const check = new PasswordCheck({ ledger, audit, hasher, defender, factors: this.secondFactors, now });
		this.sessions = new Sessions({
			ledger,
			check,
			authenticator,
			announcer,
			idleMs,
			maxMs: options.sessionMaxMs,
			now,
		});
		this.credentials = new Credentials({ ledger, authenticator, announcer, now });
		const { onClassGiven = async () => {} } = options;
		this.users = new Users({ ledger, hasher, check, authenticator, announcer, onClassGiven, now });
		const { users } = this;
		const links = { ledger, users, hasher, authenticator, announcer, defender, onClassGiven, now };
		this.passwordLinks = new PasswordLinks(links);
		this.setup = new Setup({ ledger, users: this.users, defender, now });
		const every = (ms: number, failure: string, run: () => Promise<unknown>) => {
			const report = (error: unknown) => this.#isClosed || logger.error({ err: error }, failure);
			return setInterval(() => void run().catch(report), ms).unref();
		};
		this.#timers = [
			every(MARKS_EVERY_MS, 'last uses were not written down', () => this.#marks.flush()),
			every(OUTSIDE_EVERY_MS, 'changes of users were not read', () => outside.look(authenticator, announcer)),
		];
	}

	static async open(options: AccountsOptions): Promise<Accounts> {
		const outside = await OutsideChanges.open(options.ledger);
		return new Accounts(options, options.hasher ?? (await PasswordHasher.open()), outside);
	}

	/** Writes down when sessions and credentials were last used; done by itself each minute and at the end. */
	flushUses(): Promise<void> {
		return this.#marks.flush();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		for (const timer of this.#timers) clearInterval(timer);
		await this.#marks.flush();
	}
}
