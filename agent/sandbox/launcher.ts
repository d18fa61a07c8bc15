import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assignment } from '../../shared/protocol/agent-link.ts';
import type { CommandType } from '../capabilities/task-types.ts';
import type { CommandLaunch } from '../tasks/child-messages.ts';
import type { TaskInput } from '../tasks/task-module.ts';
import { confinedArgv, type SandboxProfile, userFor } from './profile.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';
/** Inside its own users namespace a limit counts the task's own processes and threads alone. */
const MOST_PROCESSES_CONFINED = 256;
/** Without one it counts everything that the account runs. */
const MOST_PROCESSES_SHARED = 4096;
const LEAST_FILE_BYTES = 1024 * 1024;

const MARK = 'MILLRACE_ATTEMPT';
/** Never the attempt's token: the program may see this, and with the token it could speak for the attempt. */
const markValue = ({ task, attempt }: Assignment, run: number): string => `${task}:${attempt}:${run}`;

/** The setting by which processes of an attempt are found again, wherever they have gone. */
export const attemptMark = (assignment: Assignment, run: number): string => `${MARK}=${markValue(assignment, run)}`;

/** Prepares the folder of a command task's attempt, and says how to start its program. */
export const prepareLaunch = async (
	profile: SandboxProfile,
	type: CommandType,
	options: { assignment: Assignment; run: number; folder: string; inputs: readonly TaskInput[] },
): Promise<CommandLaunch> => {
	const { assignment, run, folder, inputs } = options;
	const paths = {
		parameters: join(folder, 'parameters.json'),
		inputs: join(folder, 'inputs'),
		outputs: join(folder, 'outputs'),
		result: join(folder, 'result.json'),
	};
	await mkdir(paths.inputs, { recursive: true });
	await mkdir(paths.outputs, { recursive: true });
	await writeFile(paths.parameters, JSON.stringify(assignment.parameters));
	const isStrong = profile.level === 'strong';
	const readOnly = [{ from: type.folder, to: type.folder }];
	for (const [index, input] of inputs.entries()) {
		const path = join(paths.inputs, `input-${index}`);
		if (isStrong) {
			await writeFile(path, '');
			readOnly.push({ from: input.path, to: path });
		} else {
			await symlink(input.path, path);
		}
	}
	const user = userFor(run);
	if (profile.kind === 'rooted') {
		await chmod(folder, 0o700);
		for (const path of [folder, ...Object.values(paths).slice(0, 3)]) await chown(path, user, user);
	}
	const env = {
		PATH,
		HOME: '/tmp',
		LANG: 'C.UTF-8',
		MILLRACE_PARAMETERS: paths.parameters,
		MILLRACE_INPUTS: paths.inputs,
		MILLRACE_OUTPUTS: paths.outputs,
		MILLRACE_RESULT: paths.result,
		[MARK]: markValue(assignment, run),
	};
	const argv = confinedArgv(profile, type.manifest.command, {
		confinement: { readOnly, writable: folder, env, cwd: type.folder },
		limits: {
			fileBytes: Math.max(assignment.limits.outputBytes, LEAST_FILE_BYTES),
			processes: isStrong ? MOST_PROCESSES_CONFINED : MOST_PROCESSES_SHARED,
		},
		user,
	});
	return { argv, env, cwd: type.folder };
};
