import type { NaiveScheduler } from './naive-scheduler.ts';
import type { ModelTask } from './scheduler-commands.ts';

/** Which limit of its class keeps a task from starting now; null if none does. */
export const classLimit = (scheduler: NaiveScheduler, task: ModelTask): 'class-cap' | 'class-rate' | null => {
	const rules = scheduler.classOf(task);
	const running = [...scheduler.leases.values()].map((lease) => lease.task);
	const same = running.filter(({ serviceClass }) => serviceClass === task.serviceClass);
	const sum = (of: (task: ModelTask) => number): number => same.reduce((total, one) => total + of(one), of(task));
	const over = (most: number | null | undefined, used: number): boolean =>
		most !== null && most !== undefined && used > most;
	if (over(rules.mostRunning, same.length + 1)) return 'class-cap';
	if (
		over(
			rules.mostCores,
			sum(({ needs }) => needs.cores),
		)
	)
		return 'class-cap';
	if (
		over(
			rules.mostMemoryBytes,
			sum(({ needs }) => needs.memoryBytes),
		)
	)
		return 'class-cap';
	if (over(rules.mostOfType[task.type], same.filter(({ type }) => type === task.type).length + 1)) return 'class-cap';
	if (rules.starts === null) return null;
	const { perMinute, burst } = rules.starts;
	const paid = scheduler.paid.get(task.serviceClass) ?? 0;
	return paid - (burst - 1) * (60_000 / perMinute) > scheduler.now ? 'class-rate' : null;
};

/** Until when the class's rate is used up once this task has started too. */
export const paidUntil = (scheduler: NaiveScheduler, task: ModelTask): number => {
	const { starts } = scheduler.classOf(task);
	const before = scheduler.paid.get(task.serviceClass) ?? 0;
	return starts === null ? before : Math.max(before, scheduler.now) + 60_000 / starts.perMinute;
};
