import { useQuery } from '@tanstack/react-query';
import { readAbout } from '../../../shared/client/settings.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatBytes } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { Duration, RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import classes from './health.module.css';
import { words } from './words.ts';

const REREAD_MS = 60_000;

export const useAbout = () =>
	useQuery({
		queryKey: keys.about,
		queryFn: ({ signal }) => readAbout(http, { signal }),
		refetchInterval: REREAD_MS,
	});

/** Which coordinator this is: what to compare and what to tell whoever helps. */
export const AboutCard = () => {
	const { data, error, refetch } = useAbout();
	return (
		<section className={page.card} aria-label={words.about}>
			<h2>{words.about}</h2>
			{data === undefined ? (
				error ? (
					<ErrorState error={error} what={words.aboutCannot} onRetry={() => void refetch()} />
				) : (
					<LoadingState what={words.aboutWhat} />
				)
			) : (
				<dl className={page.facts}>
					<Fact name={words.version}>{data.version}</Fact>
					<Fact name={words.up}>
						<Duration from={data.startedAt} until={null} />
					</Fact>
					<Fact name={words.node}>{data.node}</Fact>
					<Fact name={words.platform}>{data.platform}</Fact>
					<Fact name={words.schema}>{data.schema}</Fact>
					<Fact name={words.ledger}>{data.ledgerBytes === null ? words.unknown : formatBytes(data.ledgerBytes)}</Fact>
					<Fact name={words.certificate}>
						{data.certificate === null ? (
							words.plain
						) : (
							<span className={classes.fingerprint}>
								<span className="millrace-mono">{data.certificate.fingerprint}</span>
								<CopyButton text={data.certificate.fingerprint} what={words.fingerprint} />
							</span>
						)}
					</Fact>
					{data.certificate !== null && (
						<Fact name={words.ends}>
							<RelativeTime at={data.certificate.endsAt} />
						</Fact>
					)}
				</dl>
			)}
		</section>
	);
};
