import { Agent } from '../agent.ts';
import { loadTaskTypes } from '../capabilities/task-types.ts';
import { type AgentConfig, BadSetting } from '../config/agent-config.ts';
import { createLogger, type Logger } from '../config/logger.ts';
import { WorkDir } from '../config/work-dir.ts';
import { type Identity, readIdentity, writeIdentity } from '../link/identity.ts';
import { join } from '../link/join.ts';
import { Commands } from '../sandbox/commands.ts';
import { probeSandbox } from '../sandbox/probe.ts';
import { CoordinatorHttp } from '../transfer/coordinator-http.ts';
import { onStop } from './stop-signals.ts';

/** Connections for transfers: each slot fetches or uploads, rarely both. */
const connectionsFor = (concurrency: number): number => Math.min(64, concurrency + 2);

const openCommands = async (config: AgentConfig, log: Logger): Promise<Commands> => {
	const types = await loadTaskTypes(config.taskTypes);
	const profile = await probeSandbox(config.sandbox);
	if (profile.level === 'none' && config.sandbox === 'auto' && types.size > 0) {
		const advice = 'Install bubblewrap, or allow unconfined programs by --sandbox none.';
		log.warn(`No sandbox works on this machine: the task types of ${config.taskTypes} are not offered. ${advice}`);
		types.clear();
	}
	return new Commands(types, profile);
};

const joinWith = async (http: CoordinatorHttp, config: AgentConfig, token: string, log: Logger): Promise<Identity> => {
	const abort = new AbortController();
	const stop = () => abort.abort();
	const forget = onStop(stop, stop);
	try {
		let told = '';
		const onRetry = (reason: string) => {
			// It goes on for as long as it takes: the same reason once is enough.
			log[reason === told ? 'debug' : 'warn']({ reason, coordinator: http.url }, 'could not join yet; trying again');
			told = reason;
		};
		return await join(http, { token, name: config.name, signal: abort.signal, onRetry });
	} catch (error) {
		if (abort.signal.aborted) throw new Error('stopped before it joined.', { cause: error });
		throw error;
	} finally {
		forget();
	}
};

/** Runs one agent until it ends; throws Refused when the coordinator will not have it. */
export const runAgent = async (config: AgentConfig): Promise<void> => {
	const log = createLogger(config.logLevel, config.name);
	const workDir = WorkDir.take(config.workDir);
	try {
		let identity = await readIdentity(workDir.identity);
		const url = config.coordinator ?? identity?.coordinator;
		if (url === undefined)
			throw new BadSetting('--coordinator: needed at the first start, such as http://coordinator:8080.');
		const commands = await openCommands(config, log);
		const http = new CoordinatorHttp(url, connectionsFor(config.concurrency));
		try {
			for (let mayRejoin = config.token !== null; ; mayRejoin = false) {
				if (identity === null) {
					if (config.token === null)
						throw new BadSetting('--token: needed at the first start, to join the coordinator.');
					identity = await joinWith(http, config, config.token, log);
					await writeIdentity(workDir.identity, identity);
					log.info({ node: identity.node, coordinator: url }, 'joined');
				}
				const end = await live(config, { identity, workDir, http, commands, log });
				if (end.kind !== 'refused') return;
				// The coordinator’s data was replaced, and there is a token for a new beginning.
				if (end.refusal.code !== 'node-unknown' || !mayRejoin) throw end.refusal;
				log.warn('the coordinator does not know this node: joining anew with the token');
				identity = null;
			}
		} finally {
			await http.close();
		}
	} finally {
		workDir.release();
	}
};

const live = async (config: AgentConfig, parts: Omit<Parameters<typeof Agent.start>[1], 'onReady'>) => {
	const onReady = () => {
		const { name, queues, concurrency } = config;
		process.stdout.write(`agent ${name} ready: ${queues.join(',')}, concurrency ${concurrency}\n`);
	};
	await using agent = await Agent.start(config, { ...parts, onReady });
	let signals = 0;
	const onSignal = () => {
		signals += 1;
		if (signals === 1) agent.drain();
		else agent.stopNow();
	};
	const forget = onStop(onSignal, () => agent.drain());
	try {
		return await agent.ended;
	} finally {
		forget();
	}
};
