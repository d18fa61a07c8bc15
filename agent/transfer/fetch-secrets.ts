import { z } from 'zod';
import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import { type CoordinatorHttp, readText } from './coordinator-http.ts';
import { PATIENCE_MS, Patience } from './patience.ts';
import { readRefusal } from './refusal.ts';
import { GiveBack, TransferFailure } from './transfer-error.ts';

const answerSchema = z.object({ value: z.string().min(1) });

const failed = (code: string, message: string, kind: 'permanent' | 'transient' = 'permanent'): TransferFailure =>
	new TransferFailure({ class: kind, code, message });

/** The secret, or why it could not be had just now; throws what is final. */
const ask = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	slot: string,
	signal: AbortSignal,
): Promise<{ value: string } | { trouble: string }> => {
	const path = `/api/v1/agent/attempts/${ref.task}/${ref.attempt}/secrets/${encodeURIComponent(slot)}`;
	const { status, body } = await http.get(path, { authorization: `Attempt ${ref.token}` }, signal);
	const text = await readText(body);
	if (status === 200) {
		// What does not parse must not be told: it may hold the secret.
		try {
			return answerSchema.parse(JSON.parse(text));
		} catch {
			return { trouble: 'the answer was none of the coordinator’s' };
		}
	}
	const refusal = readRefusal(status, text);
	if (refusal.isNotOurs) throw new GiveBack(`the secret ${slot} cannot be had from the coordinator (${refusal.text})`);
	if (refusal.code === 'secret-missing') {
		throw failed(
			refusal.code,
			`The secret for ${slot} is gone, or cannot be opened. Name another one, or replace its value.`,
		);
	}
	if (refusal.mayHeal) return { trouble: refusal.text };
	throw failed('secret-refused', `The coordinator refused the secret for ${slot}: ${refusal.text}.`);
};

/**
 * Fetches the secrets that a task was given, when it is about to start. They are in memory only, and go on to its child
 * only: never to the disk, never into a log.
 */
export const fetchSecrets = async (
	http: CoordinatorHttp,
	ref: AttemptRef,
	slots: readonly string[],
	options: { signal: AbortSignal; patienceMs?: number },
): Promise<Record<string, string>> => {
	const secrets: Record<string, string> = {};
	for (const slot of slots) {
		const patience = new Patience(options.patienceMs ?? PATIENCE_MS);
		for (;;) {
			let trouble: string;
			try {
				const answer = await ask(http, ref, slot, options.signal);
				if ('value' in answer) {
					secrets[slot] = answer.value;
					break;
				}
				trouble = answer.trouble;
			} catch (error) {
				if (error instanceof GiveBack || error instanceof TransferFailure || options.signal.aborted) throw error;
				trouble = (error as Error).message;
			}
			if (patience.isOver) {
				throw failed(
					'secret-unreachable',
					`The secret for ${slot} could not be fetched: ${trouble.slice(0, 500)}.`,
					'transient',
				);
			}
			await patience.pause(options.signal);
		}
	}
	return secrets;
};
