import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { GuardedAgent } from '../../shared/egress/guarded-agent.ts';
import { egressOf } from './outside/ask-outside.ts';
import { mostItems, type SourceAnswer, type SourceItem, writeItems } from './outside/write-items.ts';
import { readParameters } from './read-parameters.ts';
import { inputError } from './task-failure.ts';
import type { TaskModule } from './task-module.ts';
import { readTopic, xCursorSchema } from './x/read-topic.ts';
import { type Post, searchX } from './x/search.ts';

/** Of one answer: a hundred posts are a tenth of it. */
const MOST_BYTES = 5 * 1024 * 1024;

const parametersSchema = z.object({
	topic: z.string().min(1).max(400),
	language: z
		.string()
		.regex(/^[a-z]{2,3}$/)
		.optional(),
	noReposts: z.boolean().default(true),
	maxItems: z.number().int().min(10).max(1000).default(100),
});

const queryOf = ({ topic, language, noReposts }: z.infer<typeof parametersSchema>): string =>
	// In brackets, so that OR in the topic binds no more than the topic.
	[`(${topic})`, ...(language === undefined ? [] : [`lang:${language}`]), ...(noReposts ? ['-is:retweet'] : [])].join(
		' ',
	);

const itemOf = ({ id, at, text, language, author, metrics }: Post): SourceItem => ({
	...{ key: id, at, text, language, author, metrics },
	link: `https://x.com/i/web/status/${id}`,
});

/** New posts about a topic, oldest first, as `items.jsonl`: `{key, at, text, language, author, metrics, link}`. */
export const xTopic: TaskModule = {
	async run(context): Promise<SourceAnswer> {
		const parameters = readParameters(parametersSchema, context.parameters);
		const { allow, xApi } = egressOf(context);
		const token = context.secret('bearerToken')?.trim() ?? '';
		if (!/^[\x21-\x7e]+$/.test(token)) {
			throw inputError(
				'x-token-refused',
				'There is no bearer token, or it holds what no token does. Replace the secret.',
			);
		}
		const query = queryOf(parameters);
		const given = xCursorSchema.safeParse(context.source?.cursor).data;
		const cursor = given?.query === query ? given : { query, sinceId: null, until: null, newest: null };
		const agent = new GuardedAgent({ allow, maxBytes: MOST_BYTES });
		context.signal.addEventListener('abort', () => agent.destroy(), { once: true });
		const search = searchX(token, { agent, xApi });
		const read = await readTopic(cursor, mostItems(context, parameters.maxItems), {
			async search(wish) {
				context.signal.throwIfAborted();
				return search(wish);
			},
			wait: (ms) => pause(ms, undefined, { signal: context.signal }),
		});
		await writeItems(context, [...read.posts].reverse().map(itemOf));
		return { cursor: read.cursor, items: read.posts.length, more: read.more, note: read.note };
	},
};
