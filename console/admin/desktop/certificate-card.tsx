import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Sight } from '../../bridge.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import classes from './connect.module.css';
import { words } from './words.ts';

const COMMAND = 'openssl x509 -in cert.pem -noout -fingerprint -sha256';

interface CertificateCardProps {
	name: string;
	sight: Extract<Sight, { kind: 'new-certificate' | 'other-certificate' }>;
	isBusy: boolean;
	onApprove(): void;
}

/** A certificate that nobody has approved of; of one that replaces another, both fingerprints. */
export const CertificateCard = ({ name, sight, isBusy, onApprove }: CertificateCardProps) => {
	const [isCompared, setCompared] = useState(false);
	const { certificate } = sight;
	const isOther = sight.kind === 'other-certificate';
	return (
		<section className={classes.card} data-alarm={isOther || undefined} role="alert">
			<h2>
				<Icon name={isOther ? 'alert' : 'key'} />
				{isOther ? words.otherCertificate(name) : words.newCertificate(name)}
			</h2>
			<p>{isOther ? words.otherCertificateText : words.newCertificateText}</p>
			<dl className={classes.facts}>
				{isOther && (
					<Fact name={words.approved}>
						<code>{sight.approved}</code> <RelativeTime at={sight.approvedAt} />
					</Fact>
				)}
				<Fact name={isOther ? words.shown : words.fingerprint}>
					<code>{certificate.fingerprint}</code>
				</Fact>
				<Fact name={words.subject}>{certificate.subject}</Fact>
				<Fact name={words.issuer}>{certificate.issuer}</Fact>
				<Fact name={words.validity}>{words.validityText(certificate.validFrom, certificate.validTo)}</Fact>
				<Fact name={words.vouched}>{certificate.isVouched ? words.vouchedYes : words.vouchedNo}</Fact>
			</dl>
			<p className={classes.command}>
				{words.howToCompare} <code>{COMMAND}</code> <CopyButton text={COMMAND} what={words.theCommand} />
			</p>
			{isOther && (
				<Checkbox
					label={words.compared}
					checked={isCompared}
					onChange={(event) => setCompared(event.currentTarget.checked)}
				/>
			)}
			<Button
				mt="md"
				color={isOther ? 'red' : 'indigo'}
				disabled={isOther && !isCompared}
				loading={isBusy}
				onClick={onApprove}
			>
				{isOther ? words.approveOther : words.approve}
			</Button>
		</section>
	);
};
