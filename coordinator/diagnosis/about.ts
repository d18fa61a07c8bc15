import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AboutView } from '../../shared/protocol/about.ts';
import type { CoordinatorConfig } from '../config/coordinator-config.ts';
import { MILLRACE_VERSION } from '../config/version.ts';
import { SCHEMA_VERSION } from '../database/migrate.ts';
import { certificateFacts } from './certificate-facts.ts';

/** Which coordinator this is, on what it runs, and how it shows itself. */
export const aboutView = async ({ data, tls }: Pick<CoordinatorConfig, 'data' | 'tls'>): Promise<AboutView> => ({
	...{ version: MILLRACE_VERSION, node: process.version, platform: `${process.platform} ${process.arch}` },
	startedAt: new Date(Date.now() - process.uptime() * 1_000).toISOString(),
	schema: SCHEMA_VERSION,
	ledgerBytes: (await stat(join(data, 'ledger.db')).catch(() => null))?.size ?? null,
	certificate: tls && certificateFacts(tls.cert),
});
