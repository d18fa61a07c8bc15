import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { LiveTopic } from '../../../shared/protocol/live-updates.ts';
import type { AgentView, DesktopCommand, DesktopWindow, LiveEvent } from '../../bridge.ts';

type Answer<T> = { ok: true; value: T } | { ok: false; message: string };

const ask = async <T>(channel: string, ...args: unknown[]): Promise<T> => {
	const answer: Answer<T> = await ipcRenderer.invoke(channel, ...args);
	if (!answer.ok) throw new Error(answer.message);
	return answer.value;
};

/** Calls back with what is told on a channel. The event stays here: by it the page could reach more. */
const hear = <T extends unknown[]>(channel: string, listener: (...args: T) => void): (() => void) => {
	const onMessage = (_: IpcRendererEvent, ...args: unknown[]) => listener(...(args as T));
	ipcRenderer.on(channel, onMessage);
	return () => void ipcRenderer.off(channel, onMessage);
};

let lines = 0;

/** All that the page can do beyond what a tab can: these functions, and no channel of its own choice. */
const millrace: DesktopWindow = {
	readState: () => ask('millrace:read-state'),
	saveProfile: (draft) => ask('millrace:save-profile', draft),
	forgetProfile: (id) => ask('millrace:forget-profile', id),
	chooseProfile: (id) => ask('millrace:choose-profile', id),
	lookAt: (id) => ask('millrace:look-at', id),
	approve: (id, fingerprint) => ask('millrace:approve', id, fingerprint),
	readAgent: () => ask('millrace:read-agent'),
	startAgent: (wish) => ask('millrace:start-agent', wish),
	stopAgent: () => ask('millrace:stop-agent'),
	onAgent: (listener: (view: AgentView) => void) => hear('millrace:agent', listener),
	onCommand: (listener: (command: DesktopCommand) => void) => hear('millrace:command', listener),
	openLive: (topics: readonly LiveTopic[], listener: (event: LiveEvent) => void) => {
		lines += 1;
		const line = lines;
		const stopHearing = hear('millrace:live', (id: number, event: LiveEvent) => {
			if (id === line) listener(event);
		});
		ask('millrace:open-live', line, topics).catch(() => listener({ kind: 'state', state: 'closed' }));
		return () => {
			stopHearing();
			ask('millrace:close-live', line).catch(() => {});
		};
	},
};

contextBridge.exposeInMainWorld('millrace', millrace);
