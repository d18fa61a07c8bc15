import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { beginBackup } from '../../../shared/client/upkeep.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { useMe } from '../../kit/session/session.tsx';
import { useSteer } from '../queues/use-steer.ts';
import { keys } from '../remote/keys.ts';
import type { Fix } from './fixes.ts';
import { words } from './words.ts';

/** Mends a problem, or leads to where that is done. */
export const FixButton = ({ fix, isFirst }: { fix: Fix; isFirst: boolean }) => {
	switch (fix.kind) {
		case 'screen':
			return <WayThere fix={fix} isFirst={isFirst} />;
		case 'resume':
			return <ResumeButton fix={fix} />;
		case 'back-up':
			return <BackUpButton word={fix.word} />;
	}
};

const WayThere = ({ fix, isFirst }: { fix: Extract<Fix, { kind: 'screen' }>; isFirst: boolean }) => {
	const { role } = useMe();
	if (fix.isForAdministrators && role !== 'administrator') return null;
	return (
		<Button component={Link} to={fix.to} size="compact-sm" variant={isFirst ? 'filled' : 'default'}>
			{fix.word}
		</Button>
	);
};

const ResumeButton = ({ fix: { word, queue } }: { fix: Extract<Fix, { kind: 'resume' }> }) => {
	const { steer, isPending } = useSteer(queue);
	return (
		<Button
			size="compact-sm"
			leftSection={<Icon name="play" size={14} />}
			loading={isPending}
			onClick={() => steer('resume')}
		>
			{word}
		</Button>
	);
};

const BackUpButton = ({ word }: { word: string }) => {
	const mayDo = useMe().role === 'administrator';
	const act = useAct({
		act: () => beginBackup(http),
		key: keys.health,
		done: words.backingUp,
		failed: words.notBackedUp,
	});
	return (
		<Button
			size="compact-sm"
			disabled={!mayDo}
			{...(mayDo ? {} : { title: words.onlyAdministrators })}
			loading={act.isPending}
			onClick={() => act.mutate()}
		>
			{word}
		</Button>
	);
};
