import { Button } from '@mantine/core';
import { Link, useNavigate, useParams } from 'react-router';
import { queueNameSchema } from '../../../shared/protocol/node.ts';
import type { QueueDetail } from '../../../shared/protocol/queue.ts';
import { formatCount } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import page from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { Duration } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { NumberOf, Numbers } from '../numbers/numbers.tsx';
import { perSecond } from '../numbers/per-second.ts';
import { useCommands } from '../palette/commands.tsx';
import { KeyTester } from './key-tester.tsx';
import { QueueBindings } from './queue-bindings.tsx';
import { tasksPath } from './queue-columns.tsx';
import { QueueHistory } from './queue-history.tsx';
import { QUEUE_LOOKS, stateOfQueue } from './queue-look.ts';
import { QueueMenu } from './queue-menu.tsx';
import { QueueNodes } from './queue-nodes.tsx';
import { QueueTasks } from './queue-tasks.tsx';
import { QueueWhy } from './queue-why.tsx';
import classes from './queues.module.css';
import { SteerButton } from './steer-button.tsx';
import { useQueue, useQueues } from './use-queues.ts';
import { useSteer } from './use-steer.ts';
import { words } from './words.ts';

/** One queue: whether it moves, why not, and how it has gone. */
export const QueuePage = () => {
	const { name = '' } = useParams();
	const isName = queueNameSchema.safeParse(name).success;
	const query = useQueue(name);
	useTitle(name);
	return (
		<ReadOne query={query} isId={isName} what={words.queue} all={{ to: '/queues', word: words.all }}>
			{(queue) => <QueueShown key={queue.name} read={queue} />}
		</ReadOne>
	);
};

const QueueShown = ({ read }: { read: QueueDetail }) => {
	const navigate = useNavigate();
	// What is live is in the list.
	const live = useQueues().data?.items.find(({ name }) => name === read.name);
	const queue = live !== undefined && live.lookedAt >= read.lookedAt ? { ...read, ...live } : read;
	const { name, paused, draining, oldestAt } = queue;
	const { steer } = useSteer(name);
	const isHeld = paused || draining;
	useCommands([
		{
			...{ id: 'queue steer', group: name, icon: isHeld ? ('play' as const) : ('pause' as const) },
			word: isHeld ? words.resume : words.pause,
			run: () => steer(isHeld ? 'resume' : 'pause'),
		},
		...(draining
			? []
			: [
					{
						...{ id: 'queue drain', group: name, icon: 'hourglass' as const, word: words.drain },
						run: () => steer('drain'),
					},
				]),
	]);
	return (
		<>
			<Link className={page.back!} to="/queues">
				{words.all}
			</Link>
			<div className={page.head}>
				<div className={page.titleLine}>
					<h1 className={page.title}>{name}</h1>
					<LookChip look={QUEUE_LOOKS[stateOfQueue(queue)]} />
				</div>
				<div className={page.acts}>
					<SteerButton queue={queue} />
					<QueueMenu queue={queue} onDeleted={() => void navigate('/queues', { replace: true })} />
				</div>
			</div>
			{queue.warnings.map((warning) => (
				<p key={warning} className={classes.warning}>
					<Icon name="alert" size={16} />
					<span>
						{warning}
						{isHeld && warning.startsWith('It is ') && words.reason(queue.by, queue.reason)}
					</span>
				</p>
			))}
			<Numbers label={name}>
				<NumberOf name={words.inLine} to={tasksPath(name, 'queued')}>
					{formatCount(queue.queued)}
				</NumberOf>
				<NumberOf name={words.running} to={tasksPath(name, 'running')}>
					{formatCount(queue.running)}
				</NumberOf>
				<NumberOf name={words.oldest}>
					{oldestAt === null ? words.nothing : <Duration from={oldestAt} until={null} />}
				</NumberOf>
				<NumberOf name={words.in}>{perSecond(queue.inPerSecond)}</NumberOf>
				<NumberOf name={words.out}>{perSecond(queue.outPerSecond)}</NumberOf>
			</Numbers>
			<div className={page.columns}>
				<div className={page.main}>
					<section className={page.card}>
						<h2>{words.why}</h2>
						<QueueWhy queue={queue} />
					</section>
					<section className={page.card}>
						<div className={page.cardHead}>
							<h2>{words.whoWaits}</h2>
							<Button component={Link} variant="default" size="compact-sm" to={tasksPath(name, 'queued')}>
								{words.allOfThem}
							</Button>
						</div>
						<QueueTasks name={name} />
					</section>
				</div>
				<div className={page.side}>
					<section className={page.card}>
						<QueueBindings queue={queue} />
					</section>
					<section className={page.card}>
						<h2>{words.tester}</h2>
						<KeyTester />
					</section>
					<section className={page.card}>
						<h2>{words.nodes}</h2>
						<QueueNodes name={name} />
					</section>
				</div>
			</div>
			<section className={`${page.card} ${classes.history}`}>
				<QueueHistory name={name} />
			</section>
		</>
	);
};
