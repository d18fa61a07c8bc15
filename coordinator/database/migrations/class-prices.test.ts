import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { serviceClassSettingsSchema } from '../../../shared/protocol/service-class.ts';
import * as classPrices from './0027-class-prices.ts';
import { MIGRATIONS } from './all.ts';

test('a class that was written with a price factor can be read without it, its older versions too', () => {
	const db = new Database(':memory:');
	for (const { sql } of MIGRATIONS.slice(0, MIGRATIONS.indexOf(classPrices))) db.exec(sql);
	db.exec(`INSERT INTO service_classes VALUES ('dear', 2, '{"band":3,"priceFactor":2}', 1, 1);
		INSERT INTO service_class_versions VALUES ('dear', 1, '{"priceFactor":1}', 1, 'system', ''),
			('dear', 2, '{"band":3,"priceFactor":2}', 1, 'system', ''), ('dear', 3, NULL, 1, 'system', '');`);
	db.exec(classPrices.sql);
	const { settings } = db.prepare(`SELECT settings FROM service_classes WHERE name = 'dear'`).get() as {
		settings: string;
	};
	expect(serviceClassSettingsSchema.parse(JSON.parse(settings))).toMatchObject({ band: 3 });
	const versions = db.prepare(`SELECT settings FROM service_class_versions WHERE name = 'dear' ORDER BY version`);
	expect(versions.pluck().all()).toEqual(['{}', '{"band":3}', null]);
	db.close();
});
