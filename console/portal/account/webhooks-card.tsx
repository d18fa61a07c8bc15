import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { deleteWebhook, listWebhooks, resumeWebhook, testWebhook } from '../../../shared/client/webhooks.ts';
import { NOTICE_KINDS } from '../../../shared/protocol/notice.ts';
import type { WebhookView } from '../../../shared/protocol/webhook.ts';
import classes from '../../kit/account/account.module.css';
import { Card, CardList } from '../../kit/account/card.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { NOTICE_WORDS } from '../notices/notice-words.ts';
import { keys } from '../remote/keys.ts';
import { DeliveryList } from './delivery-list.tsx';
import { WebhookForm } from './webhook-form.tsx';

/** Addresses to which what happens is told. */
export const WebhooksCard = () => {
	const [making, dialog] = useDisclosure(false);
	const query = useQuery({
		queryKey: keys.webhooks,
		queryFn: ({ signal }) => listWebhooks(http, { signal }),
	});
	return (
		<Card
			title="Webhooks"
			lead="Other programs are told what happens here, signed, until they take it."
			act={
				<Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={dialog.open}>
					New webhook
				</Button>
			}
		>
			<CardList query={query} what="your webhooks" none="No webhooks yet." row={(hook) => <WebhookRow hook={hook} />} />
			<Modal opened={making} onClose={dialog.close} title="New webhook">
				<WebhookForm onClose={dialog.close} />
			</Modal>
		</Card>
	);
};

const eventWords = (events: WebhookView['events']): string =>
	events.length === NOTICE_KINDS.length ? 'Everything' : events.map((kind) => NOTICE_WORDS[kind]).join(', ');

const WebhookRow = ({ hook }: { hook: WebhookView }) => {
	const { id, name } = hook;
	const [shown, deliveries] = useDisclosure(false);
	const [asking, ask] = useDisclosure(false);
	const test = useAct({
		act: () => testWebhook(http, id),
		key: keys.deliveries(id),
		failed: `${name} was not tested`,
		onDone: deliveries.open,
	});
	const resume = useAct({
		act: () => resumeWebhook(http, id),
		key: keys.webhooks,
		done: `${name} goes on`,
		failed: `${name} was not resumed`,
	});
	const remove = useAct({
		act: () => deleteWebhook(http, id),
		key: keys.webhooks,
		done: `The webhook ${name} is deleted`,
		failed: 'The webhook was not deleted',
	});
	const named = <span className="millrace-off-screen"> {name}</span>;
	return (
		<>
			<div className={`${classes.row} ${classes.hook}`}>
				<span className={classes.rowIcon}>
					<Icon name={hook.state === 'paused' ? 'pause' : 'link'} size={19} />
				</span>
				<div className={classes.words}>
					<strong>
						{name}
						{hook.state === 'paused' && (
							<span className={classes.mark} data-color="orange">
								paused
							</span>
						)}
					</strong>
					<span>{hook.url}</span>
					<span>
						{eventWords(hook.events)}
						{hook.reason !== null && ` · ${hook.reason}`}
						{hook.dropped > 0 && ` · ${plural(hook.dropped, 'event was', 'events were')} not told, as too many waited`}
					</span>
				</div>
				<div className={classes.rowActs}>
					{hook.state === 'paused' ? (
						<Button variant="default" size="sm" loading={resume.isPending} onClick={() => resume.mutate()}>
							Resume{named}
						</Button>
					) : (
						<Button variant="default" size="sm" loading={test.isPending} onClick={() => test.mutate()}>
							Test{named}
						</Button>
					)}
					<Button variant="default" size="sm" aria-expanded={shown} onClick={deliveries.toggle}>
						Deliveries<span className="millrace-off-screen"> of {name}</span>
					</Button>
					<Button variant="default" size="sm" onClick={ask.open}>
						Delete…{named}
					</Button>
				</div>
			</div>
			{shown && <DeliveryList webhook={id} />}
			<ConfirmDialog
				opened={asking}
				title={`Delete ${name}?`}
				act="Delete the webhook"
				busy={remove.isPending}
				onClose={ask.close}
				onConfirm={() => remove.mutate(undefined, { onSettled: ask.close })}
			>
				Its key and what waits to be delivered go with it.
			</ConfirmDialog>
		</>
	);
};
