import { Button, Drawer, Table } from '@mantine/core';
import type { AuditEntryView } from '../../../shared/protocol/audit.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatExact } from '../../kit/format.ts';
import { JsonView } from '../../kit/json-view.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import classes from './audit.module.css';
import { changesOf } from './changes.ts';
import { Named, ObjectOf, OUTCOME_LOOKS } from './columns.tsx';
import type { AuditFilter } from './filter.ts';
import { linkOfId } from './links.ts';
import { useAuditEntry } from './use-audit.ts';
import { words } from './words.ts';

interface EntryDrawerProps {
	/** Null: none is shown. */
	seq: number | null;
	onClose(): void;
	onFilter(parts: Partial<AuditFilter>): void;
}

/** One entry, whole: before and after side by side, and what else it says. */
export const EntryDrawer = ({ seq, onClose, onFilter }: EntryDrawerProps) => {
	const entry = useAuditEntry(seq);
	return (
		<Drawer
			opened={seq !== null}
			onClose={onClose}
			position="right"
			size={560}
			title={seq === null ? '' : words.entry(seq)}
		>
			{entry.data !== undefined ? (
				<Entry entry={entry.data} onFilter={onFilter} />
			) : entry.error ? (
				<ErrorState error={entry.error} what={words.entryCannot} onRetry={() => void entry.refetch()} />
			) : (
				<LoadingState what={words.entryWhat} />
			)}
		</Drawer>
	);
};

const Entry = ({ entry, onFilter }: { entry: AuditEntryView; onFilter: EntryDrawerProps['onFilter'] }) => {
	const { at, actor, actorName, action, object, outcome, address, detail, blanked, hash } = entry;
	const { changes, rest } = changesOf(detail);
	return (
		<div className={classes.entry}>
			<dl className={page.facts}>
				<Fact name={words.when}>{formatExact(new Date(at))}</Fact>
				<Fact name={words.who}>
					<Named id={actor} name={actorName} to={linkOfId(actor)} />
				</Fact>
				<Fact name={words.what}>
					<span className="millrace-mono">{action}</span>
				</Fact>
				<Fact name={words.object}>
					<ObjectOf entry={entry} />
				</Fact>
				<Fact name={words.outcome}>
					<LookChip look={OUTCOME_LOOKS[outcome]} />
				</Fact>
				<Fact name={words.from_}>{address}</Fact>
				<Fact name={words.hash}>
					<span className={classes.hash}>
						<span className="millrace-mono">{hash}</span>
						<CopyButton text={hash} what={words.hash.toLowerCase()} />
					</span>
				</Fact>
			</dl>
			{blanked && <p className={page.quiet}>{words.blanked}</p>}
			{changes.length > 0 && (
				<section aria-label={words.changes}>
					<h3>{words.changes}</h3>
					<Table className={classes.changes!} withTableBorder>
						<Table.Thead>
							<Table.Tr>
								{[words.setting, words.before, words.after].map((head) => (
									<Table.Th key={head}>{head}</Table.Th>
								))}
							</Table.Tr>
						</Table.Thead>
						<Table.Tbody>
							{changes.map(({ name, before, after }) => (
								<Table.Tr key={name}>
									<Table.Th scope="row">{name}</Table.Th>
									<Table.Td>{before ?? words.nothing}</Table.Td>
									<Table.Td>{after ?? words.nothing}</Table.Td>
								</Table.Tr>
							))}
						</Table.Tbody>
					</Table>
				</section>
			)}
			{Object.keys(rest).length > 0 && (
				<section aria-label={words.moreDetail}>
					<h3>{words.moreDetail}</h3>
					<JsonView value={rest} label={words.moreDetail} />
				</section>
			)}
			<div className={page.acts}>
				<Button variant="default" onClick={() => onFilter({ who: actor })}>
					{words.alikeWho}
				</Button>
				{object !== '' && (
					<Button variant="default" onClick={() => onFilter({ object })}>
						{words.alikeObject}
					</Button>
				)}
			</div>
		</div>
	);
};
