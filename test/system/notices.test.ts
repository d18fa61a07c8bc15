import { expect, test } from 'vitest';
import type { NoticeView } from '../../shared/protocol/notice.ts';
import type { Api } from '../support/api.ts';
import { Millrace } from '../support/millrace.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const noticesOf = (api: Api) => api.get<{ items: NoticeView[]; unread: number }>('/notices');

test('what failed by itself is told to its owner, over HTTP and by the command line, until it is read', async () => {
	await using coordinator = await startCoordinator({ env: { MILLRACE_CHECK_ANSWERS: '1' } });
	await using _agent = await startAgent(coordinator, { concurrency: 2 });
	await using millrace = Millrace.of(coordinator);
	expect((await millrace.run(['notices'])).stderr).toContain('There is nothing new');
	const broken = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(200, 7)]);
	const { tasks } = await coordinator.api.upload('/broken.png', broken);
	const { items, unread } = await waitFor(
		'the notice',
		async () => {
			const page = await noticesOf(coordinator.api);
			return page.unread > 0 && page;
		},
		{ withinMs: 60_000 },
	);
	expect([items.length, unread]).toEqual([1, 1]);
	const thumbnail = tasks.find(({ type }) => type === 'thumbnail');
	expect(items[0]).toMatchObject({
		kind: 'task-failed',
		subject: thumbnail?.id,
		title: 'A task thumbnail failed',
		count: 1,
	});
	const said = await millrace.run(['notices', '--read']);
	expect(said.stdout).toMatch(/^\d{4}-.* A task thumbnail failed\n {2}\S/);
	expect(await noticesOf(coordinator.api)).toMatchObject({ unread: 0, items: [{ readAt: expect.any(String) }] });
	expect((await millrace.run(['notices'])).stdout).toBe('');
	expect((await millrace.json<{ items: unknown[] }>(['notices', '--all'])).items).toHaveLength(1);
	const bert = await coordinator.newUser('bert');
	expect(await noticesOf(bert)).toEqual({ items: [], nextCursor: null, unread: 0 });
});
