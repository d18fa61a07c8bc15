import type { Json } from '../../shared/protocol/json.ts';
import type { CoordinatorConfig } from '../config/coordinator-config.ts';

/** As it is, whether it is set, how many there are, or as whoever asks is told of hosts. */
type How = 'value' | 'whether' | 'count' | 'host';

/** Every setting: a new one is told only as somebody has decided. */
const HOW: Record<keyof CoordinatorConfig, How> = {
	host: 'host',
	port: 'value',
	data: 'whether',
	publicUrl: 'whether',
	trustedProxies: 'count',
	tls: 'whether',
	maxFileSize: 'value',
	freeSpace: 'value',
	lease: 'value',
	heartbeat: 'value',
	linkGrace: 'value',
	slowBody: 'value',
	trashDays: 'value',
	backupTo: 'whether',
	backupEvery: 'value',
	backupKeep: 'value',
	logDays: 'value',
	taskDays: 'value',
	versionDays: 'value',
	versionCount: 'value',
	usageMonths: 'value',
	scrubRate: 'value',
	journalDays: 'value',
	journalBytes: 'value',
	historyBytes: 'value',
	otlpUrl: 'whether',
	secretKey: 'whether',
	egressAllow: 'count',
	quietHours: 'value',
	datasetRoots: 'count',
	driveAllowPlainHttp: 'value',
	organisation: 'whether',
	logLevel: 'value',
	adminPassword: 'whether',
	checkAnswers: 'value',
};

/** Settings as diagnosis and console tell them: numbers and switches; of addresses, paths and secrets only whether they are set. */
export const settingsTold = (
	config: CoordinatorConfig,
	hostTold: (host: string) => string,
): Record<keyof CoordinatorConfig, Json> =>
	Object.fromEntries(
		Object.entries(HOW).map(([name, how]) => {
			const value: unknown = config[name as keyof CoordinatorConfig];
			if (how === 'count') return [name, { entries: Array.isArray(value) ? value.length : 0 }];
			if (how === 'whether') return [name, { isSet: value !== undefined && value !== null }];
			if (how === 'host') return [name, hostTold(String(value))];
			return [name, (value ?? null) as Json];
		}),
	) as Record<keyof CoordinatorConfig, Json>;
