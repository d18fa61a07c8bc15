import { isLoopbackName } from '../../../shared/loopback-name.ts';

/** What a new machine is told. */
export interface JoinWish {
	/** The coordinator's address as the machine reaches it. */
	address: string;
	token: string;
	/** Empty: what agents serve unless told. */
	queues: readonly string[];
	/** Null: as many as it has cores. */
	concurrency: number | null;
}

/** An address may hold more than a name may, such as what a shell would run. */
const HOST_NAME = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/;

/** Where a proxy has put the coordinator below other things; of letters that no shell takes apart. */
const PATH_PREFIX = /^[\w./~-]*$/;

/** The address without what does not belong to it, such as the page that it was copied from; null: it is none. */
export const addressIn = (text: string): string | null => {
	if (!URL.canParse(text.trim())) return null;
	const { protocol, hostname, origin, pathname } = new URL(text.trim());
	const isServer = (protocol === 'https:' || protocol === 'http:') && HOST_NAME.test(hostname);
	const prefix = pathname.replace(/(\/(console|portal))?(\/index\.html)?\/*$/, '');
	return isServer && PATH_PREFIX.test(prefix) ? `${origin}${prefix}` : null;
};

export const isHereOnly = (address: string): boolean => isLoopbackName(new URL(address).hostname);

const startWords = ({ address, queues, concurrency }: JoinWish): string =>
	[
		`agent start --coordinator ${address}`,
		...(queues.length === 0 ? [] : [`--queues ${queues.join(',')}`]),
		...(concurrency === null ? [] : [`--concurrency ${concurrency}`]),
	].join(' ');

/** One command for a shell; the token by the environment, since everybody on a machine can read its command lines. */
export const joinCommand = (wish: JoinWish): string => `MILLRACE_TOKEN=${wish.token} ${startWords(wish)}`;

/** The same for a machine that sets itself up: a service that starts with it, its token readable by root alone. */
export const cloudInit = (wish: JoinWish): string => `#cloud-config
# Adds this machine to Millrace at ${wish.address}. The image brings Node.js and Millrace, so that "agent" is on the PATH.
users:
  - default
  - name: millrace
    system: true
    homedir: /var/lib/millrace
write_files:
  - path: /etc/millrace/agent.env
    permissions: "0600"
    content: |
      MILLRACE_TOKEN=${wish.token}
  - path: /etc/systemd/system/millrace-agent.service
    permissions: "0644"
    content: |
      [Unit]
      Description=Millrace agent
      Wants=network-online.target
      After=network-online.target

      [Service]
      User=millrace
      EnvironmentFile=/etc/millrace/agent.env
      ExecStart=/usr/bin/env ${startWords(wish)} --work-dir /var/lib/millrace/agent
      StateDirectory=millrace
      Delegate=yes
      Restart=on-failure
      KillSignal=SIGTERM
      TimeoutStopSec=infinity

      [Install]
      WantedBy=multi-user.target
runcmd:
  - systemctl daemon-reload
  - systemctl enable --now millrace-agent.service
`;

/** What is left of a time as `1:05:09` or `4:09`; null once it is over. */
export const leftInWords = (ms: number): string | null => {
	if (ms <= 0) return null;
	const seconds = Math.ceil(ms / 1_000);
	const two = (n: number) => String(n).padStart(2, '0');
	const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};
