import { Button } from '@mantine/core';
import { liftBan, type listBans } from '../../../shared/client/bans.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatDuration, formatExact } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { EmptyState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { useAbout } from '../health/about-card.tsx';
import { keys } from '../remote/keys.ts';
import { Read } from './read.tsx';
import classes from './settings.module.css';
import { useBans, useStartedWith } from './use-settings.ts';
import { securityWords } from './words.ts';

type Ban = Awaited<ReturnType<typeof listBans>>[number];

const DAY_MS = 86_400_000;

/** Who may not try to sign in, how long one stays signed in, and how the coordinator shows itself. */
export const SecurityTab = () => (
	<div className={classes.sections}>
		<section aria-label={securityWords.bans}>
			<h2>{securityWords.bans}</h2>
			<Bans />
		</section>
		<section aria-label={securityWords.rules}>
			<h2>{securityWords.rules}</h2>
			<Rules />
		</section>
		<section aria-label={securityWords.certificate}>
			<h2>{securityWords.certificate}</h2>
			<Certificate />
		</section>
	</div>
);

const Bans = () => {
	const bans = useBans();
	const lift = useAct({
		act: (address: string) => liftBan(http, address),
		key: keys.bans,
		done: securityWords.lifted,
		failed: securityWords.notLifted,
	});
	const columns: TableColumn<Ban>[] = [
		{
			...{ name: 'address', head: securityWords.address },
			cell: ({ address }) => <span className="millrace-mono">{address}</span>,
			value: ({ address }) => address,
		},
		{
			...{ name: 'since', head: securityWords.since, width: '160px' },
			cell: ({ bannedAt }) => <RelativeTime at={bannedAt} />,
			value: ({ bannedAt }) => bannedAt,
		},
		{
			...{ name: 'until', head: securityWords.until, width: '160px' },
			cell: ({ until }) => <RelativeTime at={until} />,
			value: ({ until }) => until,
		},
		{
			...{ name: 'act', head: securityWords.lift, width: '90px' },
			cell: ({ address }) => (
				<Button
					size="compact-sm"
					variant="default"
					aria-label={securityWords.liftOf(address)}
					loading={lift.isPending && lift.variables === address}
					onClick={() => lift.mutate(address)}
				>
					{securityWords.lift}
				</Button>
			),
		},
	];
	return (
		<Read query={bans} what={securityWords.bansWhat}>
			{(rows) =>
				rows.length === 0 ? (
					<EmptyState icon="shield" title={securityWords.noBans}>
						{securityWords.noBansText}
					</EmptyState>
				) : (
					<DataTable
						label={securityWords.bans}
						rows={rows}
						columns={columns}
						keyOf={({ address }) => address}
						csvName="bans"
					/>
				)
			}
		</Read>
	);
};

const Rules = () => (
	<Read query={useStartedWith()} what={securityWords.rulesWhat}>
		{({ rules: { sessionIdleMs, sessionMostMs, banPoints, banWindowMs, banMs } }) => (
			<dl className={`${page.facts} ${classes.facts}`}>
				<Fact name={securityWords.idle}>{securityWords.idleText(formatDuration(sessionIdleMs))}</Fact>
				<Fact name={securityWords.most}>{securityWords.mostText(formatDuration(sessionMostMs))}</Fact>
				<Fact name={securityWords.ban}>{securityWords.banText(banPoints, formatDuration(banWindowMs))}</Fact>
				<Fact name={securityWords.banMs}>{securityWords.banMsText(formatDuration(banMs))}</Fact>
			</dl>
		)}
	</Read>
);

const Certificate = () => (
	<Read query={useAbout()} what={securityWords.certificateWhat}>
		{({ certificate }) =>
			certificate === null ? (
				<p className={page.quiet}>{securityWords.plain}</p>
			) : (
				<dl className={`${page.facts} ${classes.facts}`}>
					<Fact name={securityWords.subject}>{certificate.subject}</Fact>
					<Fact name={securityWords.issuer}>{certificate.issuer}</Fact>
					<Fact name={securityWords.names}>{certificate.names.join(', ')}</Fact>
					<Fact name={securityWords.fingerprint}>
						<span className={classes.option}>
							<span className="millrace-mono">{certificate.fingerprint}</span>
							<CopyButton text={certificate.fingerprint} what={securityWords.fingerprintWhat} />
						</span>
					</Fact>
					<Fact name={securityWords.ends}>
						{formatExact(new Date(certificate.endsAt))}.{' '}
						<strong>{securityWords.left(Math.floor((Date.parse(certificate.endsAt) - Date.now()) / DAY_MS))}</strong>{' '}
						{securityWords.renew}
					</Fact>
				</dl>
			)
		}
	</Read>
);
