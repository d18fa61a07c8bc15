import { useEffect, useRef, useState } from 'react';
import { SpeedMeter } from './speed-meter.ts';
import type { UploadTotals } from './upload-totals.ts';

const SAMPLE_MS = 500;

/** How fast bytes flow, and how long what is left will take; nulls while nothing moves. */
export const useSpeed = (totals: UploadTotals): { bytesPerSecond: number | null; leftMs: number | null } => {
	const [speed, setSpeed] = useState<{ bytesPerSecond: number | null; leftMs: number | null }>({
		bytesPerSecond: null,
		leftMs: null,
	});
	const newest = useRef(totals);
	useEffect(() => {
		newest.current = totals;
	}, [totals]);
	const moving = totals.moving > 0;
	useEffect(() => {
		if (!moving) return;
		const meter = new SpeedMeter();
		const timer = setInterval(() => {
			const { sentBytes, bytes } = newest.current;
			meter.add(performance.now(), sentBytes);
			setSpeed({ bytesPerSecond: meter.bytesPerSecond, leftMs: meter.estimate(bytes - sentBytes) });
		}, SAMPLE_MS);
		return () => {
			clearInterval(timer);
			setSpeed({ bytesPerSecond: null, leftMs: null });
		};
	}, [moving]);
	return speed;
};
