import { type TweetV2, type Tweetv2SearchResult, TwitterApi, type UserV2 } from 'twitter-api-v2';
import type { GuardedAgent } from '../../../shared/egress/guarded-agent.ts';
import { TaskFailure } from '../task-failure.ts';
import { troubleOf, type XTrouble } from './x-failure.ts';

const PAGE_MS = 15_000;

export interface Post {
	id: string;
	at: string | null;
	text: string;
	language: string | null;
	author: { id: string; username: string; name: string } | null;
	metrics: Record<string, number>;
}

export interface Page {
	/** Newest first. */
	posts: Post[];
	/** Null: there are no older ones. */
	next: string | null;
}

export interface Search {
	query: string;
	/** Posts of the page; X gives between 10 and 100. */
	most: number;
	sinceId: string | null;
	untilId: string | null;
	next: string | null;
}

/** Asks X for a page of posts; what it would rather not give is no exception. */
export type SearchX = (search: Search) => Promise<Page | XTrouble>;

const ID = /^\d{1,20}$/;

const postOf = (tweet: TweetV2, users: ReadonlyMap<string, UserV2>): Post => {
	const user = users.get(tweet.author_id ?? '');
	return {
		id: tweet.id,
		at: Number.isFinite(Date.parse(tweet.created_at ?? '')) ? new Date(tweet.created_at!).toISOString() : null,
		text: String(tweet.text).slice(0, 30_000),
		language: typeof tweet.lang === 'string' ? tweet.lang.slice(0, 20) : null,
		author: user
			? { id: user.id, username: String(user.username).slice(0, 100), name: String(user.name).slice(0, 200) }
			: null,
		metrics: Object.fromEntries(
			Object.entries(tweet.public_metrics ?? {})
				.filter(([, count]) => typeof count === 'number')
				.slice(0, 20),
		),
	};
};

const odd = (why: string): XTrouble => ({
	kind: 'failed',
	failure: new TaskFailure({
		class: 'transient',
		code: 'x-odd-answer',
		message: `X answered something else than posts: ${why}.`,
	}),
});

/** What came, believed only as far as it is what it should be: the library takes any text for a success. */
const pageOf = (data: Tweetv2SearchResult): Page | XTrouble => {
	if (typeof data !== 'object' || data === null || typeof data.meta !== 'object' || data.meta === null) {
		return odd('there is no result in it');
	}
	const tweets: unknown = data.data ?? [];
	if (!Array.isArray(tweets) || tweets.length > 1_000) return odd('there is no list of posts in it');
	if (!tweets.every((one: TweetV2 | null) => typeof one?.id === 'string' && ID.test(one.id)))
		return odd('a post has no id');
	const listed: unknown = data.includes?.users ?? [];
	const users = new Map((Array.isArray(listed) ? (listed as UserV2[]) : []).map((user) => [user?.id, user]));
	const next: unknown = data.meta.next_token;
	return {
		posts: (tweets as TweetV2[]).map((tweet) => postOf(tweet, users)),
		next: typeof next === 'string' && next !== '' && next.length <= 1_000 ? next : null,
	};
};

/** The search of the last seven days, asked as the owner of a bearer token. */
export const searchX = (token: string, options: { agent: GuardedAgent; xApi: string }): SearchX => {
	const client = new TwitterApi(token, { httpAgent: options.agent, compression: 'identity' }).v2;
	const prefix = `${options.xApi.replace(/\/+$/, '')}/2/`;
	return async ({ query, most, sinceId, untilId, next }) => {
		options.agent.takeTrouble();
		try {
			const { data } = await client.get<Tweetv2SearchResult>(
				'tweets/search/recent',
				{
					query,
					max_results: most,
					...(sinceId === null ? {} : { since_id: sinceId }),
					...(untilId === null ? {} : { until_id: untilId }),
					...(next === null ? {} : { next_token: next }),
					'tweet.fields': 'created_at,lang,author_id,public_metrics',
					expansions: 'author_id',
				},
				{ fullResponse: true, prefix, timeout: PAGE_MS },
			);
			return pageOf(data);
		} catch (error) {
			return troubleOf(error, options.agent.takeTrouble(), Date.now());
		}
	};
};
