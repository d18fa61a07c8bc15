import { Button, Menu } from '@mantine/core';
import { exportAudit } from '../../../shared/client/audit.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { saveAnswer } from '../../kit/remote/save-answer.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import type { AuditFilter } from './filter.ts';
import { auditQuery } from './use-audit.ts';
import { words } from './words.ts';

/** What fits the filter, whole, as a file. */
export const ExportMenu = ({ filter }: { filter: AuditFilter }) => {
	const take = useAct({
		act: async (format: 'csv' | 'json') =>
			saveAnswer(await exportAudit(http, { ...(await auditQuery(filter)), format }), `audit.${format}`),
		key: keys.audits,
		done: words.exported,
		failed: words.notExported,
	});
	useCommands([
		{ id: 'audit export', group: words.title, word: words.export, icon: 'download', run: () => take.mutate('csv') },
	]);
	return (
		<Menu position="bottom-end">
			<Menu.Target>
				<Button variant="default" loading={take.isPending} leftSection={<Icon name="download" size={16} />}>
					{words.export}
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Item onClick={() => take.mutate('csv')}>{words.exportCsv}</Menu.Item>
				<Menu.Item onClick={() => take.mutate('json')}>{words.exportJson}</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
};
