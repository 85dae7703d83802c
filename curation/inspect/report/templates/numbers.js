// Numbers as people read them, and the edges of bins.

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

const count = (number) => whole.format(number);
const compact = (number) => (Math.abs(number) < 10000 ? whole.format(number) : short.format(number));
const rough = new Intl.NumberFormat("en", { maximumSignificantDigits: 2, notation: "compact" });
const value = (number) => digits.format(number);
const tenths = (number) => (number < 1000 ? number.toFixed(1) : count(Math.round(number)));
const counted = (number, one, many) => `${count(number)} ${number === 1 ? one : many || `${one}s`}`;

function percent(share) {
  if (!Number.isFinite(share)) return "–";
  const hundredths = 100 * share;
  if (hundredths === 0 || hundredths === 100) return `${hundredths}%`;
  if (hundredths > 0 && hundredths < 0.1) return "< 0.1%";
  return hundredths > 99.9 ? "> 99.9%" : `${hundredths.toFixed(hundredths < 10 || hundredths > 99 ? 1 : 0)}%`;
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  if (seconds < 6000) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

function bytes(number) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (number >= 1024 && unit < units.length - 1) [number, unit] = [number / 1024, unit + 1];
  return `${number < 10 && unit ? number.toFixed(1) : Math.round(number)} ${units[unit]}`;
}

const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

function tally(rows, key, amount) {
  const found = new Map();
  for (const row of rows) found.set(key(row), (found.get(key(row)) || 0) + amount(row));
  return found;
}

// The value that a bin begins with: curation.summaries.bins.
const BIN_DIGITS = 16;
const FIRST_OCTAVE = -8;
function edge(bin) {
  if (bin < 0) return -edge(-1 - bin);
  const octave = Math.floor(bin / BIN_DIGITS);
  if (!octave) return bin * (2 ** FIRST_OCTAVE / BIN_DIGITS);
  return (1 + (bin % BIN_DIGITS) / BIN_DIGITS) * 2 ** (octave + FIRST_OCTAVE - 1);
}
