/** A small landscape, painted here: something to try Millrace with when one has no picture at hand. */
export const makeSampleImage = async (): Promise<File> => {
	const canvas = document.createElement('canvas');
	canvas.width = 1_200;
	canvas.height = 800;
	const paint = canvas.getContext('2d');
	if (paint === null) throw new Error('This browser cannot paint pictures.');
	const sky = paint.createLinearGradient(0, 0, 0, 560);
	sky.addColorStop(0, '#1c2f73');
	sky.addColorStop(0.6, '#8f7bd1');
	sky.addColorStop(1, '#ffc38f');
	paint.fillStyle = sky;
	paint.fillRect(0, 0, 1_200, 800);
	paint.fillStyle = '#fff1d6';
	paint.beginPath();
	paint.arc(840, 420, 74, 0, Math.PI * 2);
	paint.fill();
	const hill = (color: string, base: number, height: number, length: number) => {
		paint.fillStyle = color;
		paint.beginPath();
		paint.moveTo(0, 800);
		for (let x = 0; x <= 1_200; x += 12) {
			const y = base - Math.sin(x / length + base) * height - Math.sin(x / (length / 2.7)) * (height / 3);
			paint.lineTo(x, y);
		}
		paint.lineTo(1_200, 800);
		paint.fill();
	};
	hill('#5b57a6', 520, 62, 190);
	hill('#3b3f83', 600, 54, 140);
	hill('#232a5c', 690, 40, 110);
	const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.88));
	if (blob === null) throw new Error('This browser cannot make JPEG files.');
	return new File([blob], 'sample.jpg', { type: 'image/jpeg', lastModified: Date.now() });
};
