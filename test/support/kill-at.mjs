// Preloaded into a command by `node --import`: counts its changes of files and folders, tells on its last line of standard
// error how many there were, and with MILLRACE_KILL_AT=N kills it, as `kill -9` does, right before the Nth.
import { createRequire, syncBuiltinESMExports } from 'node:module';

const promises = createRequire(import.meta.url)('node:fs/promises');
const killAt = Number(process.env.MILLRACE_KILL_AT ?? Number.POSITIVE_INFINITY);
let steps = 0;
for (const name of ['chmod', 'copyFile', 'link', 'mkdir', 'open', 'rename', 'rm']) {
	const real = promises[name];
	promises[name] = (...args) => {
		steps += 1;
		if (steps === killAt) process.kill(process.pid, 'SIGKILL');
		return real(...args);
	};
}
syncBuiltinESMExports();
process.on('exit', () => process.stderr.write(`steps: ${steps}\n`));
