import { Button, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createNodeToken } from '../../../shared/client/nodes.ts';
import { MOST_SLOTS } from '../../../shared/protocol/node.ts';
import type { AgentView, Desktop } from '../../bridge.ts';
import { http } from '../../kit/remote/api.ts';
import { bridge } from '../../kit/remote/bridge.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { EmptyState, LoadingState } from '../../kit/states.tsx';
import type { StateLook } from '../../kit/task-words.ts';
import { useTitle } from '../../kit/use-title.ts';
import { keys } from '../remote/keys.ts';
import { AgentLog } from './agent-log.tsx';
import classes from './connect.module.css';
import { useAgent } from './use-agent.ts';
import { words } from './words.ts';

const TOKEN_LIFE_MS = 10 * 60_000;

const LOOKS: Record<AgentView['state'], StateLook> = {
	absent: { word: words.absent, color: 'gray', icon: 'device' },
	starting: { word: words.starting, color: 'indigo', icon: 'hourglass' },
	running: { word: words.running, color: 'teal', icon: 'circleCheck' },
	stopping: { word: words.stopping, color: 'orange', icon: 'pause' },
	ended: { word: words.ended, color: 'gray', icon: 'ban' },
};

/** The agent that works on this machine as long as the console runs. */
export const AgentPage = () => {
	useTitle(words.thisMachine);
	if (bridge.desktop === null) {
		return (
			<EmptyState isPage icon="device" title={words.onlyDesktop}>
				{words.onlyDesktopText}
			</EmptyState>
		);
	}
	return <AgentHere desktop={bridge.desktop} />;
};

const AgentHere = ({ desktop }: { desktop: Desktop }) => {
	const agent = useAgent(desktop);
	const [concurrency, setConcurrency] = useState<number | null>(null);
	const [queues, setQueues] = useState('normal,priority');
	const start = useAct({
		act: async () => {
			const isNew = agent?.needsToken === true;
			const token = isNew ? (await createNodeToken(http, { uses: 1, expiresInMs: TOKEN_LIFE_MS })).token : null;
			const names = queues.split(',').map((name) => name.trim());
			await desktop.startAgent({ concurrency, queues: names.filter(Boolean), token });
		},
		key: keys.nodes,
		failed: words.startFailed,
	});
	const stop = useAct({ act: () => desktop.stopAgent(), key: keys.nodes, failed: words.stopFailed });
	if (agent === null) return <LoadingState what={words.thisMachine} rows={3} />;
	const isOff = agent.state === 'absent' || agent.state === 'ended';
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.thisMachine}</h1>
			</div>
			<p className={page.lead}>{words.agentLead(bridge.place.name)}</p>
			<p className={classes.state} role="status">
				<LookChip look={LOOKS[agent.state]} />
			</p>
			{agent.detail && <p>{agent.detail}</p>}
			<div className={classes.controls}>
				{isOff ? (
					<>
						<NumberInput
							label={words.concurrency}
							description={words.concurrencyHelp}
							min={1}
							max={MOST_SLOTS}
							allowDecimal={false}
							value={concurrency ?? ''}
							onChange={(value) => setConcurrency(typeof value === 'number' ? value : null)}
						/>
						<TextInput
							label={words.queues}
							description={words.queuesHelp}
							value={queues}
							onChange={(event) => setQueues(event.currentTarget.value)}
						/>
						<Button mt={46} loading={start.isPending} onClick={() => start.mutate()}>
							{words.start}
						</Button>
					</>
				) : (
					<Button variant="default" disabled={agent.state === 'starting'} onClick={() => stop.mutate()}>
						{agent.state === 'stopping' ? words.stopNow : words.stop}
					</Button>
				)}
			</div>
			<AgentLog lines={agent.log} />
		</>
	);
};
