import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from 'react-router';
import { routingKeySchema } from '../../../shared/protocol/task.ts';
import { Icon } from '../../kit/icons.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import classes from './queues.module.css';
import { useRoute } from './use-queues.ts';
import { words } from './words.ts';

const PATIENCE_MS = 250;

/** Where tasks with a routing key would go, and who would do them; the key is in the address. */
export const KeyTester = () => {
	const [routingKey, setRoutingKey] = useSearchParam('key');
	const [asked] = useDebouncedValue(routingKey.trim(), PATIENCE_MS);
	const isWrong = asked !== '' && !routingKeySchema.safeParse(asked).success;
	return (
		<>
			<TextInput
				label={words.testerLabel}
				description={words.testerHelp}
				placeholder="priority.thumbnail"
				autoComplete="off"
				spellCheck={false}
				value={routingKey}
				error={isWrong ? words.testerWrong : null}
				onChange={(event) => setRoutingKey(event.currentTarget.value)}
			/>
			<RouteTold routingKey={asked} />
		</>
	);
};

/** Where a routing key leads; nothing for what is none. */
export const RouteTold = ({ routingKey }: { routingKey: string }) => {
	const { data: route } = useRoute(routingKey);
	const isKey = routingKeySchema.safeParse(routingKey).success;
	return (
		<div className={classes.route} aria-live="polite">
			{isKey && route !== undefined && (
				<>
					<p>
						<code>{route.routingKey}</code>{' '}
						{route.queue === null ? (
							words.reachesNone
						) : (
							<Link className={page.link!} to={`/queues/${encodeURIComponent(route.queue)}`}>
								{words.reaches(route.queue, route.bindingKey ?? '')}
							</Link>
						)}{' '}
						{route.servedBy.length > 0 && words.served(route.servedBy.join(', '))}
					</p>
					{route.matches.slice(1, 6).map(({ queue, bindingKey }) => (
						<p key={`${queue} ${bindingKey}`} className={page.quiet}>
							{words.alsoFits(queue, bindingKey)}
						</p>
					))}
					{route.warnings.map((warning) => (
						<p key={warning} className={classes.warning}>
							<Icon name="alert" size={15} /> {warning}
						</p>
					))}
				</>
			)}
		</div>
	);
};
