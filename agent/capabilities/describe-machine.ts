import { cpu, graphics, osInfo } from 'systeminformation';

export interface Machine {
	processor: string;
	system: string;
	graphics: string[];
}

/** What the machine is, for a person to read. Asks other programs and takes a while: not for every heartbeat. */
export const describeMachine = async (): Promise<Machine> => {
	const [processor, system, { controllers }] = await Promise.all([cpu(), osInfo(), graphics()]);
	return {
		processor: `${processor.manufacturer} ${processor.brand}`.trim(),
		system: `${system.distro} ${system.release}, ${system.platform} ${system.kernel} ${system.arch}`.trim(),
		graphics: controllers.map(({ vendor, model }) => `${vendor} ${model}`.trim()),
	};
};
