import { forgetDeliveries, noteTry, readDue, sendAgain } from './delivery-store.ts';
import { listEveryonesWebhooks } from './everyones-store.ts';
import { forgetNotices, listNotices, markRead, tellNotices } from './notice-store.ts';
import {
	addWebhook,
	changeWebhook,
	deleteWebhook,
	listDeliveries,
	listWebhooks,
	readWebhook,
	resumeWebhook,
	testWebhook,
} from './webhook-store.ts';

/** All SQL of this room. */
export const NOTICE_OPERATIONS = [
	addWebhook,
	changeWebhook,
	deleteWebhook,
	forgetDeliveries,
	forgetNotices,
	listDeliveries,
	listNotices,
	listWebhooks,
	markRead,
	noteTry,
	readDue,
	readWebhook,
	resumeWebhook,
	sendAgain,
	tellNotices,
	testWebhook,
	listEveryonesWebhooks,
];
