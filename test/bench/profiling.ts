/** `--profile FOLDER` sets it: every process under measurement writes a CPU profile there when it ends. */
let folder: string | null = null;

/** Turns profiling on for everything that is started from now on. */
export const profileInto = (path: string): void => {
	folder = path;
};

/** Arguments for Node.js that make a process (all its threads) write a profile. */
export const profilingArgs = (): string[] => (folder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
