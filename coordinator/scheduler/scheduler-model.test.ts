import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rounds } from '../../test/support/chaos-length.ts';
import { NaiveScheduler } from '../../test/support/naive-scheduler.ts';
import { type Command, type ModelTask, runCommand } from '../../test/support/scheduler-commands.ts';
import { histories, QUEUES, RATE_HISTORY } from '../../test/support/scheduler-histories.ts';
import type { NodeOffer } from './node-slots.ts';
import type { Decision } from './ready-task.ts';
import { type QueueRules, Scheduler } from './scheduler.ts';
import { waitingSentence } from './waiting-sentence.ts';

const replay = (commands: readonly Command[]): Scheduler<ModelTask> => {
	const scheduler = new Scheduler<ModelTask>({ inputsOf: ({ inputs }) => inputs });
	let now = 0;
	for (const command of commands) {
		now += command.after;
		runCommand(scheduler, command, now);
	}
	return scheduler;
};
const endOf = (commands: readonly Command[]): number => commands.reduce((sum, { after }) => sum + after, 0);

/** Whether a person's tasks go before another's as things are now, age left aside. */
const leads = (naive: NaiveScheduler, a: ModelTask, b: ModelTask): boolean => {
	const [mine, other] = [naive.bandOf(a), naive.bandOf(b)];
	return mine === other ? naive.goesBefore(a, b) < 0 : mine > other;
};

const shortly = (decisions: Decision<ModelTask>[]): string[] =>
	decisions.map(({ task, node }) => `${task.seq} on ${node}`);

// Thousands of histories: a busy machine takes its time for them.
describe('Scheduler against a slow oracle', { timeout: 120_000 }, () => {
	it('makes the same decisions for any history of commands, and never oversells', () => {
		let picked = 0;
		fc.assert(
			fc.property(histories, (commands) => {
				const scheduler = new Scheduler<ModelTask>({ inputsOf: ({ inputs }) => inputs });
				const naive = new NaiveScheduler();
				for (const command of commands) {
					const got = runCommand(scheduler, command, naive.now + command.after);
					const expected = naive.run(command);
					if (command.do === 'pick') {
						expect(shortly(got as Decision<ModelTask>[])).toEqual(shortly(expected as Decision<ModelTask>[]));
						picked += (got as Decision<ModelTask>[]).length;
						for (const { node, task } of got as Decision<ModelTask>[]) {
							const offer = naive.nodes.get(node)!;
							expect(naive.running(node).length).toBeLessThanOrEqual(offer.concurrency);
							// A lease that was restored may hold what its node no longer has; a start may not.
							for (const device of Object.keys(task.needs.hardware))
								expect(naive.tokensFree(offer, device)).toBeGreaterThanOrEqual(0);
						}
						if (command.limit === Infinity)
							for (const waiting of naive.queued.values()) expect(naive.rule(waiting)).not.toBe('next');
					} else expect(got).toBe(expected);
					expect(scheduler.size).toBe(naive.queued.size);
				}
				const depths = new Map(scheduler.queueDepths().map(({ queue, queued }) => [queue, queued]));
				for (const { name } of naive.queues) {
					const there = naive.inOrder().filter(({ routingKey }) => naive.route(routingKey)?.name === name);
					expect(depths.get(name)).toBe(there.length);
					const oldest = Math.min(...there.map(({ order }) => order));
					const expected = there.length === 0 ? undefined : { depth: there.length, oldest };
					expect(scheduler.insight.standing().queues.get(name)).toEqual(expected);
				}
			}),
			{ numRuns: rounds(1_000, 10_000) },
		);
		expect(picked).toBeGreaterThan(400); // the histories do reach decisions
	});

	it('explains every waiting task as the oracle does, with the right number of tasks ahead', () => {
		const seen = new Set<string>();
		fc.assert(
			fc.property(histories, (commands) => {
				const scheduler = replay(commands);
				const naive = new NaiveScheduler();
				for (const command of commands) naive.run(command);
				for (const waiting of naive.inOrder()) {
					const reason = scheduler.insight.explain(waiting.seq, naive.now)!;
					seen.add(reason.rule);
					expect(reason.rule).toBe(naive.rule(waiting));
					expect(waitingSentence(reason)).toMatch(
						/^[A-Z][^\n]*; [^\n]*\.$|^[A-Z][^\n]*about to start\.$|but .*placed\.$/,
					);
					if (!('ahead' in reason)) continue;
					const inQueue = naive.inOrder().filter(({ routingKey }) => naive.route(routingKey)?.name === reason.queue);
					const own = inQueue.filter((other) => naive.person(other) === naive.person(waiting));
					expect(reason.ahead.own).toBe(own.findIndex(({ seq }) => seq === waiting.seq));
					const others = inQueue.filter((other) => naive.person(other) !== naive.person(waiting));
					const before = others.filter((other) => leads(naive, other, waiting));
					expect(reason.ahead.people).toBe(new Set(before.map(naive.person)).size);
				}
			}),
			{ numRuns: rounds(1_000, 10_000), examples: [[RATE_HISTORY]] },
		);
		expect([...seen].sort()).toEqual([
			'class-cap',
			'class-rate',
			'hardware-busy',
			'next',
			'no-node-meets-needs',
			'no-node-serves-queue',
			'no-queue',
			'queue-paused',
			'slots-busy',
			'user-cap',
		]);
	});

	it('claims only what would really unblock: each change that is named is tried', () => {
		fc.assert(
			fc.property(histories, fc.nat(), (commands, nth) => {
				const naive = new NaiveScheduler();
				for (const command of commands) naive.run(command);
				const line = naive.inOrder();
				fc.pre(line.length > 0);
				const { seq, routingKey, type, needs } = line[nth % line.length]!;
				const scheduler = replay(commands);
				const reason = scheduler.insight.explain(seq, endOf(commands))!;
				// Alone in line it starts now if, and only if, the reason is that it is next.
				const alone = replay(commands);
				for (const other of line) if (other.seq !== seq) alone.remove(other.seq);
				expect(alone.pick(1, endOf(commands)).length === 1).toBe(reason.rule === 'next');

				const giant: NodeOffer = {
					id: 'giant',
					name: 'giant',
					queues: QUEUES,
					concurrency: 100,
					capabilities: { ...needs, cores: 64, memoryBytes: 1e12, taskTypes: [type], sandbox: 'strong' },
					accepting: true,
				};
				if (reason.rule === 'no-queue') {
					scheduler.setQueues(
						[...naive.queues, { name: 'extra', bindingKeys: [routingKey], paused: false }],
						endOf(commands),
					);
					expect(scheduler.insight.explain(seq, endOf(commands))?.rule).not.toBe('no-queue');
				} else if (reason.rule === 'queue-paused') {
					scheduler.setQueues(
						naive.queues.map((queue) => ({ ...queue, paused: false })),
						endOf(commands),
					);
					expect(scheduler.insight.explain(seq, endOf(commands))?.rule).not.toBe('queue-paused');
				} else if (reason.rule === 'no-node-serves-queue' || reason.rule === 'no-node-meets-needs') {
					scheduler.setNode(giant);
					const { rule, ...facts } = scheduler.insight.explain(seq, endOf(commands))!;
					if (rule === 'next') expect(facts).toMatchObject({ nodes: ['giant'] });
					else expect(['class-cap', 'class-rate', 'user-cap']).toContain(rule);
				} else if (reason.rule === 'class-rate') {
					const then = endOf(commands) + reason.inMs;
					expect(scheduler.insight.explain(seq, then - 1)?.rule).toBe('class-rate');
					expect(scheduler.insight.explain(seq, then)?.rule).not.toBe('class-rate');
				} else if (reason.rule === 'class-cap' && reason.asked > reason.most) {
					// Whatever ends, it asks for more than its class may ever use.
					for (const { task } of naive.leases.values()) scheduler.release(task.seq, null, endOf(commands));
					expect(scheduler.insight.explain(seq, endOf(commands))?.rule).toBe('class-cap');
				} else if (reason.rule === 'class-cap' || reason.rule === 'user-cap') {
					const line = naive.queued.get(seq)!;
					for (const { task } of naive.leases.values()) {
						const isTheirs = task.serviceClass === line.serviceClass;
						if (isTheirs && (reason.rule === 'class-cap' || task.owner === line.owner)) {
							scheduler.release(task.seq, null, endOf(commands));
						}
					}
					expect(scheduler.insight.explain(seq, endOf(commands))?.rule).not.toBe(reason.rule);
				} else if (reason.rule === 'hardware-busy') {
					for (const holder of reason.holders) scheduler.release(holder, null, endOf(commands));
					expect(['next', 'slots-busy']).toContain(scheduler.insight.explain(seq, endOf(commands))?.rule);
				} else if (reason.rule === 'slots-busy') {
					for (const { task } of naive.leases.values()) scheduler.release(task.seq, null, endOf(commands));
					expect(scheduler.insight.explain(seq, endOf(commands))?.rule).toBe('next');
				}
			}),
			{ numRuns: rounds(500, 10_000) },
		);
	});

	it('names all that keeps a task in the order in which it has to go: when the first is gone, the second is the reason', () => {
		const second = new Set<string>();
		fc.assert(
			fc.property(histories, (commands) => {
				const naive = new NaiveScheduler();
				for (const command of commands) naive.run(command);
				const [scheduler, resumed] = [replay(commands), replay(commands)];
				const now = endOf(commands);
				resumed.setQueues(
					naive.queues.map((queue) => ({ ...queue, paused: false })),
					now,
				);
				for (const task of naive.inOrder()) {
					const reason = scheduler.insight.explain(task.seq, now)!;
					const obstacles = scheduler.insight.obstacles(task.seq, task, now).map(({ rule }) => rule);
					expect(new Set(obstacles).size).toBe(obstacles.length);
					expect(obstacles[0] ?? 'next').toBe(reason.rule);
					if (reason.rule !== 'queue-paused') continue;
					expect(obstacles[1] ?? 'next').toBe(resumed.insight.explain(task.seq, now)?.rule);
					second.add(obstacles[1] ?? 'next');
					// Out of line the same is told of what does not depend on its turn.
					scheduler.remove(task.seq);
					const lasting = ['queue-paused', 'no-node-serves-queue', 'no-node-meets-needs'];
					expect(scheduler.insight.obstacles(task.seq, task, now).map(({ rule }) => rule)).toEqual(
						obstacles.filter((rule) => lasting.includes(rule)),
					);
				}
			}),
			{ numRuns: rounds(500, 5_000) },
		);
		expect(second.size).toBeGreaterThan(3);
	});

	it('takes slots back from idle-only work if, and only if, other work can start in them', () => {
		let taken = 0;
		fc.assert(
			fc.property(histories, (commands) => {
				const scheduler = replay(commands);
				const naive = new NaiveScheduler();
				for (const command of commands) naive.run(command);
				const pick = (): number => {
					const started = naive.pick(Infinity);
					expect(shortly(scheduler.pick(Infinity, naive.now))).toEqual(shortly(started));
					return started.filter(({ task }) => naive.bandOf(task) >= 0).length;
				};
				pick();
				for (;;) {
					const victims = scheduler.preempt(Infinity, naive.now);
					if (victims.length === 0) break;
					// Asked once, not twice.
					expect(scheduler.preempt(Infinity, naive.now)).toEqual([]);
					for (const { task, node } of victims) {
						expect(naive.leases.get(task.seq)?.node).toBe(node);
						expect(naive.bandOf(task)).toBe(-1);
						scheduler.release(task.seq, null, naive.now);
						naive.release(task.seq, null);
					}
					expect(pick()).toBeGreaterThan(0);
					taken += victims.length;
				}
				for (const [id, lease] of [...naive.leases]) {
					if (naive.bandOf(lease.task) >= 0 || !naive.nodes.has(lease.node)) continue;
					const isStarved = (task: ModelTask) =>
						naive.bandOf(task) >= 0 && ['slots-busy', 'hardware-busy'].includes(naive.rule(task));
					const starved = [...naive.queued.values()].filter(isStarved);
					naive.leases.delete(id);
					expect(starved.filter((task) => naive.rule(task) === 'next')).toEqual([]);
					naive.leases.set(id, lease);
				}
			}),
			{ numRuns: 2_000 },
		);
		expect(taken).toBeGreaterThan(3);
	});

	it('wakes when a rate of starts lets something start again', () => {
		let slept = 0;
		fc.assert(
			fc.property(histories, (commands) => {
				const scheduler = replay(commands);
				const now = endOf(commands);
				scheduler.pick(Infinity, now);
				const at = scheduler.wakeAt(now);
				const naive = new NaiveScheduler();
				for (const command of commands) naive.run(command);
				naive.pick(Infinity);
				const asleep = (): number[] =>
					[...naive.queued.values()].filter((task) => naive.rule(task) === 'class-rate').map(({ seq }) => seq);
				const before = asleep();
				if (before.length === 0) return;
				slept += 1;
				expect(at).toBeGreaterThan(now);
				naive.now = at!;
				const after = asleep();
				naive.now = at! - 1;
				expect(after.length).toBeLessThanOrEqual(before.length);
				expect(asleep()).toEqual(before);
			}),
			{ numRuns: 1_000 },
		);
		expect(slept).toBeGreaterThan(3);
	});

	it('decides the same when the same commands come again', () => {
		fc.assert(
			fc.property(histories, (commands) => {
				const [one, two] = [replay(commands), replay(commands)];
				const now = endOf(commands);
				expect(shortly(one.pick(Infinity, now))).toEqual(shortly(two.pick(Infinity, now)));
			}),
			{ numRuns: 300 },
		);
	});

	it('starts the same tasks on the other queues whether or not one queue is blocked', () => {
		fc.assert(
			fc.property(histories, (commands) => {
				const blocked = (rules: QueueRules[]): QueueRules[] =>
					rules.map((queue) => (queue.name === 'hardware' ? { ...queue, paused: true } : queue));
				const pausing = commands.map((c): Command => (c.do === 'setQueues' ? { ...c, queues: blocked(c.queues) } : c));
				const routes = new NaiveScheduler();
				const absent = pausing.filter((command) => {
					routes.run(command);
					return command.do !== 'enqueue';
				});
				fc.pre(commands.filter((c) => c.do === 'setQueues').length === 1);
				const others = pausing.filter(
					(c) => c.do !== 'enqueue' || routes.route(c.task.routingKey)?.name !== 'hardware',
				);
				expect(absent.length).toBeLessThanOrEqual(others.length);
				const shared = new Set(others);
				const [withIt, without] = [
					new Scheduler<ModelTask>({ inputsOf: ({ inputs }) => inputs }),
					new Scheduler<ModelTask>({ inputsOf: ({ inputs }) => inputs }),
				];
				// A seq that is taken by a task of the blocked queue must not be reused by one of another.
				const taken = new Set(pausing.filter((c) => !shared.has(c)).map((c) => (c.do === 'enqueue' ? c.task.seq : 0)));
				fc.pre(!others.some((c) => c.do === 'enqueue' && taken.has(c.task.seq)));
				// The clock goes on also where a command was left out.
				const starts = (scheduler: Scheduler<ModelTask>, keep: (command: Command) => boolean): unknown[] => {
					let now = 0;
					return pausing.flatMap((c) => {
						now += c.after;
						const result = keep(c) ? runCommand(scheduler, c, now) : null;
						return c.do === 'pick' ? [shortly(result as Decision<ModelTask>[])] : [];
					});
				};
				expect(starts(withIt, () => true)).toEqual(starts(without, (c) => shared.has(c)));
			}),
			{ numRuns: 300 },
		);
	});
});
