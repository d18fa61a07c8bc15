import { z } from 'zod';
import { type Hello, helloSchema } from '../../../shared/protocol/agent-link.ts';
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts';
import { type Refusal, wrongVersion } from '../../agents/node-links.ts';

const anyVersionSchema = z.object({ protocol: z.object({ major: z.number() }) });

/** A hello, or why it is none: an agent of another version hears just that, whatever else its hello looks like. */
export const readHello = (message: unknown): { ok: true; hello: Hello } | Refusal => {
	const version = anyVersionSchema.safeParse(message);
	if (version.success && version.data.protocol.major !== PROTOCOL_VERSION.major) {
		return wrongVersion(version.data.protocol.major);
	}
	const parsed = helloSchema.safeParse(message);
	if (parsed.success) return { ok: true, hello: parsed.data };
	const [issue] = parsed.error.issues;
	const text = `The hello is malformed: ${issue?.path.slice(0, 4).join('.').slice(0, 100)}: ${issue?.message}.`;
	return { ok: false, code: 'bad-request', message: text.slice(0, 300) };
};
