import type { AboutView, SettingsView, StorageView } from '../../shared/protocol/about.ts';
import type { CoordinatorConfig } from '../config/coordinator-config.ts';
import type { Ledger } from '../database/ledger.ts';
import { aboutView } from './about.ts';
import { settingsView } from './settings-view.ts';
import { storageReport } from './storage-report.ts';

/** What administrators are told of the coordinator itself. */
export class SystemFacts {
	readonly #config: CoordinatorConfig;
	readonly #ledger: Pick<Ledger, 'read'>;
	readonly #disk: () => Promise<NonNullable<StorageView['disk']>>;

	constructor(options: {
		config: CoordinatorConfig;
		ledger: Pick<Ledger, 'read'>;
		disk: () => Promise<NonNullable<StorageView['disk']>>;
	}) {
		this.#config = options.config;
		this.#ledger = options.ledger;
		this.#disk = options.disk;
	}

	about(): Promise<AboutView> {
		return aboutView(this.#config);
	}

	settings(): SettingsView['items'] {
		return settingsView(this.#config);
	}

	storage(): Promise<StorageView> {
		return storageReport({ data: this.#config.data, ledger: this.#ledger, disk: this.#disk });
	}
}
