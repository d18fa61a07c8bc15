import { useQuery } from '@tanstack/react-query';
import { listDeliveries } from '../../../shared/client/webhooks.ts';
import type { DeliveryView } from '../../../shared/protocol/webhook.ts';
import classes from '../../kit/account/account.module.css';
import { plural } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import { LoadingState } from '../../kit/states.tsx';
import { type StateLook, TASK_LOOKS } from '../../kit/task-words.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';

const LAST = 20;

const lookOf = ({ state, tries }: DeliveryView): StateLook => {
	if (state === 'delivered') return { ...TASK_LOOKS.succeeded, word: 'Delivered' };
	if (state === 'gave-up') return { ...TASK_LOOKS.failed, word: 'Given up' };
	return tries === 0 ? { ...TASK_LOOKS.running, word: 'On its way' } : { ...TASK_LOOKS.retrying, word: 'Tries again' };
};

/** The last deliveries of a webhook: each with its tries, and what was wrong the last time. */
export const DeliveryList = ({ webhook }: { webhook: string }) => {
	const { data, error } = useQuery({
		queryKey: keys.deliveries(webhook),
		queryFn: ({ signal }) => listDeliveries(http, webhook, { limit: LAST }, { signal }),
	});
	if (data === undefined) {
		return error ? (
			<p className={classes.error} role="alert">
				{errorText(error)}
			</p>
		) : (
			<LoadingState what="its deliveries" rows={2} />
		);
	}
	if (data.items.length === 0) return <p className={classes.none}>Nothing was sent yet. “Test” sends something.</p>;
	return (
		<ul className={classes.deliveries}>
			{data.items.map((delivery) => (
				<li key={delivery.id}>
					<LookChip look={lookOf(delivery)} quiet={delivery.state === 'delivered'} />
					<code className="millrace-mono">{delivery.event}</code>
					<span>
						<RelativeTime at={delivery.createdAt} />
						{delivery.tries > 0 && ` · ${plural(delivery.tries, 'try', 'tries')}`}
						{delivery.status !== null && ` · answered ${delivery.status}`}
						{delivery.error !== null && ` · ${delivery.error}`}
						{delivery.nextAt !== null && delivery.tries > 0 && (
							<>
								{' '}
								· next <RelativeTime at={delivery.nextAt} />
							</>
						)}
					</span>
				</li>
			))}
		</ul>
	);
};
