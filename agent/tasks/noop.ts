import { setTimeout as pause } from 'node:timers/promises';
import type { TaskModule } from './task-module.ts';

/** Longest burn before the event loop gets a turn, so that an abort is heard. */
const BURN_SLICE_MS = 50;

const number = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);

/** CPU that this process has used, milliseconds: what is burnt is CPU, however little of it the machine gives. */
const cpuMsNow = (): number => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
};

const burn = async (cpuMs: number, signal: AbortSignal): Promise<void> => {
	const endsAt = cpuMsNow() + cpuMs;
	while (cpuMsNow() < endsAt) {
		const sliceEndsAt = performance.now() + BURN_SLICE_MS;
		while (performance.now() < sliceEndsAt && cpuMsNow() < endsAt);
		await new Promise((resolve) => setImmediate(resolve));
		signal.throwIfAborted();
	}
};

/** Sleeps, burns CPU and echoes, as told. */
export const noop: TaskModule = {
	async run(context) {
		const { parameters } = context;
		const sleepMs = number(parameters.sleepMs);
		const cpuMs = number(parameters.cpuMs);
		if (sleepMs > 0) await pause(sleepMs, undefined, { signal: context.signal });
		if (cpuMs > 0) await burn(cpuMs, context.signal);
		return parameters.echo === undefined ? {} : { echo: parameters.echo };
	},
};
