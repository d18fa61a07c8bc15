import type { ChoreView } from '../../../shared/protocol/chore.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import type { StateLook } from '../../kit/task-words.ts';
import { choreWords, words } from './words.ts';

const LOOKS: Record<'running' | 'done' | 'failed' | 'none', StateLook> = {
	running: { word: choreWords.running, color: 'indigo', icon: 'play' },
	done: { word: choreWords.done, color: 'teal', icon: 'check' },
	failed: { word: choreWords.failed, color: 'red', icon: 'circleX' },
	none: { word: words.notYet, color: 'gray', icon: 'hourglass' },
};

export const outcomeOf = ({ isRunning, last }: ChoreView): keyof typeof LOOKS =>
	isRunning ? 'running' : (last?.outcome ?? 'none');

/** How a chore stands. */
export const ChoreChip = ({ chore }: { chore: ChoreView }) => {
	const outcome = outcomeOf(chore);
	return <LookChip look={LOOKS[outcome]} quiet={outcome === 'done'} />;
};
