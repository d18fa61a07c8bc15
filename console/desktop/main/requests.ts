import type { DesktopState } from '../../bridge.ts';
import type { AgentProcess } from './agent-process.ts';
import type { Handlers } from './ipc.ts';
import type { KnownCoordinators } from './known-coordinators.ts';
import type { LiveLines } from './live-lines.ts';
import type { MainWindow } from './main-window.ts';

interface RequestParts {
	known: KnownCoordinators;
	live: LiveLines;
	agent: AgentProcess;
	window: Pick<MainWindow, 'begin' | 'reload' | 'tell'>;
	notes: readonly string[];
	/** The list of coordinators has changed. */
	onChange(): void;
	/** Another coordinator is looked at from now on. */
	onChosen(): void;
}

/** What the page may ask for, done by the part that it concerns. Who asks and what was checked before. */
export const requestHandlers = ({ known, live, agent, window, notes, onChange, onChosen }: RequestParts): Handlers => {
	const current = () => {
		if (known.current === null) throw new Error('Choose a coordinator first.');
		return known.current;
	};
	return {
		'millrace:read-state': (): DesktopState => ({
			profiles: known.profiles.all,
			currentId: known.current?.id ?? null,
			isRefused: known.isRefused,
			keepsSessions: known.sessions.outliveUs,
			notes,
		}),
		'millrace:save-profile': (draft) => {
			const profile = known.save(draft);
			onChange();
			// The frame around every screen tells its name and colour.
			if (profile.id === known.current?.id) setImmediate(() => window.reload());
			return profile.id;
		},
		'millrace:forget-profile': (id) => {
			const wasCurrent = known.current?.id === id;
			known.forget(id);
			onChange();
			if (wasCurrent) setImmediate(onChosen);
		},
		'millrace:choose-profile': (id) => {
			known.profiles.choose(id);
			setImmediate(onChosen);
		},
		'millrace:look-at': (id) => known.lookAt(id),
		'millrace:approve': (id, fingerprint) => {
			known.approve(id, fingerprint);
			window.tell({ kind: 'state' });
		},
		'millrace:read-agent': () => agent.view(known.current),
		'millrace:start-agent': (wish) => {
			const profile = current();
			return agent.start(profile, wish, known.pemOf(profile));
		},
		'millrace:stop-agent': () => agent.stop(),
		'millrace:open-live': (line, topics) => live.open(line, topics, current()),
		'millrace:close-live': (line) => live.close(line),
	};
};
