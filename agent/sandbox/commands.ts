import { join } from 'node:path';
import type { Assignment } from '../../shared/protocol/agent-link.ts';
import { SANDBOX_LEVELS, type SandboxLevel } from '../../shared/protocol/task-type.ts';
import type { CommandType } from '../capabilities/task-types.ts';
import { killMarked } from '../runner/kill-tree.ts';
import type { ProcessFacts } from '../runner/process-table.ts';
import type { Attempt } from '../slots/attempt.ts';
import type { CommandLaunch } from '../tasks/child-messages.ts';
import type { TaskInput } from '../tasks/task-module.ts';
import { attemptMark, prepareLaunch } from './launcher.ts';
import type { SandboxProfile } from './profile.ts';

/** The task types that run programs of this machine, and how they are confined. */
export class Commands {
	readonly #types: ReadonlyMap<string, CommandType>;
	readonly #profile: SandboxProfile;

	constructor(types: ReadonlyMap<string, CommandType>, profile: SandboxProfile) {
		this.#types = types;
		this.#profile = profile;
	}

	get names(): string[] {
		return [...this.#types.keys()];
	}

	get level(): SandboxLevel {
		return this.#profile.level;
	}

	has(type: string): boolean {
		return this.#types.has(type);
	}

	/** Why this node will not run the assignment, or null. */
	refusal({ sandbox }: Assignment): string | null {
		if (SANDBOX_LEVELS.indexOf(sandbox) <= SANDBOX_LEVELS.indexOf(this.level)) return null;
		return `the task needs the sandbox level ${sandbox}, this node has ${this.level}`;
	}

	/** The setting that marks an attempt's processes where no process namespace holds them together. */
	markOf(attempt: Attempt): string | undefined {
		const isMarked = this.has(attempt.assignment.type) && this.level !== 'strong';
		return isMarked ? attemptMark(attempt.assignment, attempt.run) : undefined;
	}

	async prepare(attempt: Attempt, inputs: readonly TaskInput[], attemptsFolder: string): Promise<CommandLaunch> {
		const { assignment, run } = attempt;
		const type = this.#types.get(assignment.type);
		if (!type) throw new Error(`no task type ${assignment.type}`);
		const folder = join(attemptsFolder, String(run));
		attempt.hasFolder = true;
		return prepareLaunch(this.#profile, type, { assignment, run, folder, inputs });
	}

	/** Ends what the program has left running; answers with what that had used. */
	clean(attempt: Attempt): ProcessFacts[] {
		const mark = this.markOf(attempt);
		return mark === undefined ? [] : killMarked(mark);
	}
}
