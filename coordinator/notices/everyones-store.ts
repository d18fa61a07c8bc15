import { everyonesPage } from '../things/everyones-page.ts';

const LAST_DELIVERY = `(SELECT max(seq) FROM webhook_deliveries WHERE webhook_seq = t.seq)`;

/** Everybody's webhooks, for those who oversee them. */
export const listEveryonesWebhooks = everyonesPage('notices.list-everyones-webhooks', {
	name: 't.name',
	state: `iif(t.state = 'paused', iif(t.failures > 0, 'trouble', 'off'), iif(t.failures > 0, 'trouble', 'on'))`,
	columns: `t.url AS about, t.reason, w.created_at AS lastAt,
	          w.state || coalesce(': ' || w.error, ': ' || w.status, '') AS lastOutcome, w.next_at AS nextAt`,
	from: `webhooks t LEFT JOIN webhook_deliveries w ON w.seq = ${LAST_DELIVERY}`,
	// Of an address outside where it leads alone: the rest of it may be a secret.
	tell: (url) => new URL(url).origin,
});
