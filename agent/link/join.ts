import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { fullJitterBackoff } from '../../shared/backoff.ts';
import { certificateTrouble } from '../../shared/certificate-trouble.ts';
import { joinAnswerSchema } from '../../shared/protocol/node.ts';
import type { CoordinatorHttp } from '../transfer/coordinator-http.ts';
import type { Identity } from './identity.ts';
import { NodeKey } from './identity.ts';
import { Refused } from './refusal.ts';

const problemSchema = z.object({ code: z.string(), detail: z.string().optional(), title: z.string().optional() });

const explain = (text: string, status: number): { code: string; message: string } => {
	let problem: unknown;
	try {
		problem = JSON.parse(text);
	} catch {
		problem = null;
	}
	const parsed = problemSchema.safeParse(problem);
	if (!parsed.success) return { code: 'internal', message: `the coordinator answered with status ${status}` };
	const { code, detail, title } = parsed.data;
	return { code, message: detail ?? title ?? code };
};

/**
 * Joins a coordinator with a token, under a new key. Tries for ever while the coordinator cannot be reached; throws
 * `Refused` when it says no, and a sentence when its certificate is not to be trusted: a person is there to mend that.
 */
export const join = async (
	http: CoordinatorHttp,
	options: { token: string; name: string; signal: AbortSignal; onRetry: (reason: string) => void },
): Promise<Identity> => {
	const { token, name, signal } = options;
	const key = new NodeKey();
	for (let tries = 1; ; tries++) {
		let reason: string;
		try {
			const { status, text } = await http.postJson(
				'/api/v1/agent/join',
				{ token, name, publicKey: key.publicKey },
				signal,
			);
			if (status >= 200 && status < 300) {
				const { node, name: given } = joinAnswerSchema.parse(JSON.parse(text));
				return { coordinator: http.url, node, name: given, key };
			}
			const { code, message } = explain(text, status);
			if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
				throw new Refused(code, `The coordinator refused the join: ${message.replace(/\.?$/, '.')}`);
			}
			reason = message;
		} catch (error) {
			if (error instanceof Refused || signal.aborted) throw error;
			const untrusted = certificateTrouble(error);
			if (untrusted !== null) throw new Error(`${http.url}: ${untrusted}`, { cause: error });
			reason = error instanceof Error ? error.message : String(error);
		}
		options.onRetry(reason);
		await pause(200 + fullJitterBackoff({ firstMs: 200, mostMs: 5_000 }, tries), undefined, { signal });
	}
};
