import type { SettingsView } from '../../shared/protocol/about.ts';
import { type CoordinatorConfig, optionOf, SETTINGS, type SettingName } from '../config/coordinator-config.ts';
import { settingsTold } from './settings-told.ts';

/** What stands in the configuration and is no option of its own. */
const OTHERS: Record<string, { option: string | null; about: string }> = {
	tls: { option: 'tls-cert', about: `${SETTINGS.tlsCert}, and its key` },
	adminPassword: {
		option: null,
		about: 'MILLRACE_ADMIN_PASSWORD, which makes the first administrator when there is none',
	},
};

/** For tests only: nobody who runs it needs to know. */
const UNTOLD = new Set(['checkAnswers']);

/** Everything that it was started with, in the order of `--help`, each with what it is for. */
export const settingsView = (config: CoordinatorConfig): SettingsView['items'] =>
	Object.entries(settingsTold(config, (host) => host))
		.filter(([name]) => !UNTOLD.has(name))
		.map(([name, value]) => ({
			name,
			...(OTHERS[name] ?? { option: optionOf(name), about: SETTINGS[name as SettingName] }),
			value,
		}));
