import { type Needs, SANDBOX_LEVELS, type SandboxLevel } from '../../shared/protocol/task-type.ts';
import type { ReadyTask } from './ready-task.ts';

/** What a task asks of a node, its type included; tasks that ask the same share one object. */
export interface Demand {
	readonly type: string;
	readonly cores: number;
	readonly memoryBytes: number;
	readonly sandbox: SandboxLevel;
	/** Labels, sorted by name. */
	readonly labels: readonly { name: string; value: string }[];
	/** Device tokens, sorted by name. */
	readonly devices: readonly { name: string; count: number }[];
}

export const sandboxRank = (level: SandboxLevel): number => SANDBOX_LEVELS.indexOf(level);

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** Interns demands. */
export class Demands {
	/** A type's needs are nearly always the very object of its manifest; then nothing has to be compared. */
	readonly #lastOfType = new Map<string, { needs: Needs; demand: Demand }>();
	readonly #bySignature = new Map<string, Demand>();

	of(task: Pick<ReadyTask, 'type' | 'needs'>): Demand {
		const last = this.#lastOfType.get(task.type);
		if (last && last.needs === task.needs) return last.demand;
		const { type, needs } = task;
		const devices = Object.entries(needs.hardware)
			.filter(([, count]) => count > 0)
			.map(([name, count]) => ({ name, count }))
			.sort(byName);
		const labels = Object.entries(needs.labels)
			.map(([name, value]) => ({ name, value }))
			.sort(byName);
		const { cores, memoryBytes, sandbox } = needs;
		const fresh: Demand = { type, cores, memoryBytes, sandbox, labels, devices };
		const signature = JSON.stringify(fresh);
		let demand = this.#bySignature.get(signature);
		if (!demand) {
			demand = fresh;
			this.#bySignature.set(signature, demand);
		}
		this.#lastOfType.set(type, { needs, demand });
		return demand;
	}

	/** Forgets all demands but these. */
	keepOnly(used: ReadonlySet<Demand>): void {
		for (const [signature, demand] of this.#bySignature) if (!used.has(demand)) this.#bySignature.delete(signature);
		for (const [type, { demand }] of this.#lastOfType) if (!used.has(demand)) this.#lastOfType.delete(type);
	}
}
