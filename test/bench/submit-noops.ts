import type { Pool } from 'undici';

/** One request; the body is read and thrown away. Throws on anything but 2xx. */
export const send = async (
	pool: Pool,
	authorization: string,
	path: string,
	body: string,
	method: 'POST' | 'PUT' = 'POST',
): Promise<void> => {
	const headers = { authorization, 'content-type': 'application/json' };
	const answer = await pool.request({ method, path, headers, body });
	if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
	await answer.body.dump();
};

/** Runs `count` numbered pieces of work, at most `lanes` at a time. */
export const inLanes = async (count: number, lanes: number, act: (i: number) => Promise<void>): Promise<void> => {
	let next = 0;
	const lane = async () => {
		while (next < count) {
			const i = next;
			next += 1;
			await act(i);
		}
	};
	await Promise.all(Array.from({ length: lanes }, lane));
};

/** Submits no-op tasks by `POST /tasks:batch`, two requests on their way at a time. */
export const submitNoops = async (
	pool: Pool,
	authorization: string,
	count: number,
	options: { batch?: number; parameters?: (i: number) => object } = {},
): Promise<void> => {
	const batch = options.batch ?? 1_000;
	const body = (first: number, size: number) =>
		JSON.stringify({
			tasks: Array.from({ length: size }, (_, i) =>
				options.parameters ? { type: 'noop', parameters: options.parameters(first + i) } : { type: 'noop' },
			),
		});
	const same = options.parameters ? null : body(0, batch);
	await inLanes(Math.ceil(count / batch), 2, async (i) => {
		const size = Math.min(batch, count - i * batch);
		await send(pool, authorization, '/api/v1/tasks:batch', size === batch && same ? same : body(i * batch, size));
	});
};
