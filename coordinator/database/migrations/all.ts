import * as accounts from './0001-accounts.ts';
import * as files from './0002-files.ts';
import * as tasks from './0003-tasks.ts';
import * as nodes from './0004-nodes.ts';
import * as serviceClasses from './0005-service-classes.ts';
import * as journal from './0006-journal.ts';
import * as acts from './0007-acts.ts';
import * as jobs from './0008-jobs.ts';
import * as recipes from './0009-recipes.ts';
import * as schedules from './0010-schedules.ts';
import * as secrets from './0011-secrets.ts';
import * as datasets from './0012-datasets.ts';
import * as sources from './0013-sources.ts';
import * as results from './0014-results.ts';
import * as notices from './0015-notices.ts';
import * as drive from './0016-drive.ts';
import * as unsettled from './0017-unsettled.ts';
import * as accounting from './0018-accounting.ts';
import * as upkeep from './0019-upkeep.ts';
import * as alerts from './0020-alerts.ts';
import * as dataRights from './0021-data-rights.ts';
import * as budgets from './0022-budgets.ts';
import * as retention from './0023-retention.ts';
import * as mail from './0024-mail.ts';
import * as secondFactors from './0025-second-factors.ts';
import * as passwordLinks from './0026-password-links.ts';
import * as classPrices from './0027-class-prices.ts';
import * as toldApart from './0028-told-apart.ts';

/** In order; the position plus one is the schema's number. Never edit one that was released: add the next. */
export const MIGRATIONS: readonly { sql: string }[] = [
	accounts,
	files,
	tasks,
	nodes,
	serviceClasses,
	journal,
	acts,
	jobs,
	recipes,
	schedules,
	secrets,
	datasets,
	sources,
	results,
	notices,
	drive,
	unsettled,
	accounting,
	upkeep,
	alerts,
	dataRights,
	budgets,
	retention,
	mail,
	secondFactors,
	passwordLinks,
	classPrices,
	toldApart,
];
