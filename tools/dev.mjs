import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { keepBundled } from './bundle.mjs';
import { ensureInstalled } from './install.mjs';
import { ManagedProcess } from './managed-process.mjs';
import { capture, ROOT } from './run-command.mjs';

const COORDINATOR = 'http://127.0.0.1:8080';

/**
 * Everything restarts by itself on a change: the programs are bundled into dist/, which Node.js watches, and the compiler
 * says what is wrong; Vite watches the portal and hands /api, /socket.io and /dav through to the coordinator.
 */
await ensureInstalled();
await build();

const running = [];
const start = (name, args, env = process.env) => {
	const part = new ManagedProcess(name, args, { env, onLine: (line) => console.log(`${name}: ${line}`) });
	running.push(part);
	return part;
};
const stop = async () => {
	for (const part of running.splice(0).toReversed()) await part.stop();
	process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());
process.on('exit', () => {
	for (const part of running) part.signal('SIGKILL');
});

await keepBundled();
start('compiler', ['node_modules/typescript/bin/tsc', '--build', '--watch', '--preserveWatchOutput']);
const coordinator = start('coordinator', ['--watch', 'dist/coordinator/main.js', 'start', '--data', 'data']);
await coordinator.line(/^coordinator ready: /);
const args = ['dist/coordinator/main.js', 'node-token', 'create', '--data', 'data', '--json'];
const { token } = JSON.parse((await capture(process.execPath, args)).stdout);
const agentArgs = ['--watch', 'dist/agent/main.js', 'start', '--coordinator', COORDINATOR, '--work-dir', 'data/agent'];
start('agent', agentArgs, { ...process.env, MILLRACE_TOKEN: token });
const portal = join('console', 'portal', 'vite.config.ts');
if (existsSync(join(ROOT, portal))) start('portal', ['node_modules/vite/bin/vite.js', '--config', portal]);
