import type { Ledger } from '../database/ledger.ts';
import type { Happenings } from '../happenings/happenings.ts';
import type { Logger } from '../report/logger.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { Deliveries, sendGuarded } from './deliveries.ts';
import { Notices } from './notices.ts';
import { Webhooks } from './webhooks.ts';

/** Builds the room. Deliveries begin with the first `wake`. */
export const openNotices = (parts: {
	ledger: Ledger;
	logger: Logger;
	happenings: Happenings;
	secrets: Secrets;
	/** `host:port` that may be asked beside public ones. */
	allow: readonly string[];
}) => {
	const { ledger, logger, happenings, secrets, allow } = parts;
	const keyOf = (ownerSeq: number, secret: string) => secrets.open(ownerSeq, secret);
	const deliveries = new Deliveries({ ledger, logger, keyOf, send: sendGuarded(allow) });
	const wake = () => deliveries.wake();
	return {
		notices: new Notices({ ledger, happenings, onDeliveries: wake }),
		webhooks: new Webhooks({ ledger, secrets, allow, wake }),
		deliveries,
	};
};
