import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { IconName } from '../../kit/icons.tsx';

/** Something that can be done from anywhere by its name. */
export interface Command {
	id: string;
	word: string;
	/** Where it belongs, such as `Go to` or a node's name. */
	group: string;
	icon: IconName;
	/** How it is done without the palette. */
	keys?: readonly string[];
	run(): void;
}

interface CommandList {
	commands: readonly Command[];
	/** The answer takes them away again. */
	offer(commands: readonly Command[]): () => void;
}

const CommandsContext = createContext<CommandList>({ commands: [], offer: () => () => {} });

/** What the command palette offers: each screen adds its own acts while it is shown. */
export const CommandsProvider = ({ children }: { children: ReactNode }) => {
	const [sets, setSets] = useState<readonly (readonly Command[])[]>([]);
	const list = useMemo<CommandList>(
		() => ({
			commands: sets.flat(),
			offer: (commands) => {
				setSets((before) => [...before, commands]);
				return () => setSets((before) => before.filter((each) => each !== commands));
			},
		}),
		[sets],
	);
	return <CommandsContext value={list}>{children}</CommandsContext>;
};

export const useCommandList = (): readonly Command[] => useContext(CommandsContext).commands;

/** Offers acts while the caller is shown. They may be made anew with each rendering; their ids say when they change. */
export const useCommands = (commands: readonly Command[]): void => {
	const { offer } = useContext(CommandsContext);
	const latest = useRef(commands);
	latest.current = commands;
	const ids = commands.map(({ id, word }) => `${id} ${word}`).join('\n');
	const offering = useRef(offer);
	offering.current = offer;
	// biome-ignore lint/correctness/useExhaustiveDependencies: `ids` says when they are others
	useEffect(() => {
		const current = latest.current.map((command) => ({
			...command,
			run: () => latest.current.find(({ id }) => id === command.id)?.run(),
		}));
		return offering.current(current);
	}, [ids]);
};
