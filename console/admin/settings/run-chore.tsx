import { Button } from '@mantine/core';
import { runChore } from '../../../shared/client/upkeep.ts';
import type { ChoreView } from '../../../shared/protocol/chore.ts';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

/** Begins a chore now; the table tells how it goes. */
export const useRunChore = () =>
	useAct({
		act: (name: string) => runChore(http, name),
		key: keys.chores,
		done: ({ what }) => words.begun(what),
		failed: words.notBegun,
	});

export const RunChore = ({ chore, run }: { chore: ChoreView; run: ReturnType<typeof useRunChore> }) => (
	<Button
		size="compact-sm"
		variant="default"
		aria-label={words.runChore(chore.name)}
		disabled={chore.isRunning}
		loading={run.isPending && run.variables === chore.name}
		onClick={() => run.mutate(chore.name)}
	>
		{words.runNow}
	</Button>
);
