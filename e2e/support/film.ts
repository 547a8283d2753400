const LEFT = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001', '0101111', '0111011', '0110111', '0001011'];
const PARITY = ['LLLLLL', 'LLGLGG', 'LLGGLG', 'LLGGGL', 'LGLLGG', 'LGGLLG', 'LGGGLL', 'LGLGLG', 'LGLGGL', 'LGGLGL'];
const flip = (bits: string): string => [...bits].map((bit) => (bit === '1' ? '0' : '1')).join('');
const turn = (bits: string): string => [...bits].reverse().join('');

/** The lines of a number of 13 digits by the tables of GS1: 1 is black. */
function lines(code: string): string {
  const digits = [...code].map(Number);
  const left = digits.slice(1, 7).map((digit, at) => (PARITY[digits[0] ?? 0]?.[at] === 'L' ? LEFT[digit] : turn(flip(LEFT[digit] ?? ''))));
  const right = digits.slice(7).map((digit) => flip(LEFT[digit] ?? ''));
  return `101${left.join('')}01010${right.join('')}101`;
}

const [WIDTH, HEIGHT, MODULE] = [640, 480, 4];

/** A film for Chromium's camera (Y4M): a number held before it, as grey lines on a light label. */
export function film(code: string): Buffer {
  const bits = lines(code);
  const [left, top] = [(WIDTH - bits.length * MODULE) / 2, HEIGHT / 4];
  const grey = Buffer.alloc(WIDTH * HEIGHT, 205);
  for (let y = top; y < 3 * top; y++) {
    for (let x = 0; x < bits.length * MODULE; x++) if (bits[Math.floor(x / MODULE)] === '1') grey[y * WIDTH + left + x] = 45;
  }
  const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = [Buffer.from('FRAME\n'), grey, colour];
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), ...frame, ...frame, ...frame]);
}
